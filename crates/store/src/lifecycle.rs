//! The worker's edges: claim, heartbeat, and the five ways an attempt ends.
//! Each compares (video, status, attempt, lease token) and sets; whoever
//! comes late changes nothing and is told so.

use std::{fmt, str::FromStr, time::Duration};

use anb_domain::{
    Approval, AttemptId, AttemptNo, EventKind, Failure, FailureCode, Happening, LeaseToken,
    Transition, VideoId, VideoStatus, retry::MAX_TRIES,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _, UpdateMany,
    sea_query::{Expr, ExprTrait as _, SelectStatement},
};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError, Video, after,
    entity::{attempts, videos},
    history::NewEvent,
    row::{attempt_no, count, status_of, to_json, tries_of},
    step::{changed, lock, step, step_from},
    videos::load,
};

/// The right to work on a video, good until the lease runs out.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The row as it is after the claim.
    pub video: Video,
    pub attempt_id: AttemptId,
    pub attempt: AttemptNo,
    /// Tries that count, this one included.
    pub tries: u32,
    pub token: LeaseToken,
    /// The published attempt whose result this one is to replace; `None` when
    /// the video has never been published.
    pub replaces: Option<AttemptNo>,
}

/// An attempt about to begin.
pub(crate) struct NewAttempt<'a> {
    pub video: VideoId,
    pub attempt: AttemptNo,
    pub tries: u32,
    pub worker: &'a str,
    pub receipt: &'a str,
    pub lease: Duration,
    pub replaces: Option<AttemptNo>,
}

/// What a worker learns when it wants a video.
#[derive(Debug, Clone)]
pub enum ClaimOutcome {
    Claimed(Box<Claim>),
    /// Another worker's lease is good until then.
    Busy {
        until: DateTime<Utc>,
    },
    /// All three tries are used up and the last worker has vanished: the
    /// video is now `failed` (`worker_lost`).
    Exhausted,
    /// Nothing to do: completed, rejected, failed, deleted or unknown.
    Finished,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Published,
    Rejected,
    /// It went wrong; perhaps another one follows.
    Failed,
    /// Its worker vanished: the lease ran out.
    Lost,
}

impl Outcome {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Lost => "lost",
        }
    }
}

impl FromStr for Outcome {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Published, Self::Rejected, Self::Failed, Self::Lost]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or(())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one step of an attempt took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepTiming {
    /// `download`, `probe`, `transcode`, `join`, `check`, `upload`.
    pub step: String,
    pub duration_ms: u64,
    /// CPU time of the child process, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ms: Option<u64>,
    /// Bytes read or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
}

/// What a try took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spent {
    pub steps: Vec<StepTiming>,
    /// Its share of the time for which the worker was busy, in milliseconds.
    pub task_ms: Option<u64>,
    /// What ffmpeg said last, of a try that went wrong.
    pub log_tail: Option<String>,
}

impl From<Vec<StepTiming>> for Spent {
    fn from(steps: Vec<StepTiming>) -> Self {
        Self { steps, ..Self::default() }
    }
}

/// What is published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedResult {
    /// Length of the video in seconds.
    pub duration_s: f64,
    /// Size of the video in bytes.
    pub size_bytes: u64,
    pub steps: Vec<StepTiming>,
    /// As in [`Spent`].
    pub task_ms: Option<u64>,
    /// Whether somebody looks at it before everybody does.
    pub approval: Approval,
    /// With which recipe it was made.
    pub recipe: Option<String>,
}

/// How a claim is given back when the worker stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandBack {
    /// The caller releases the message: it will be delivered again.
    SameMessage,
    /// The queue will not deliver this message again: write an outbox entry
    /// for a new one; the caller deletes the old.
    NewMessage,
}

impl Store {
    /// Gives the video to `worker` for `lease`: `pending` → `processing`, or
    /// takes it over from an attempt whose lease has run out (that one ends
    /// `lost`). A published video is claimed if it is to be made again, and
    /// stays `completed`. `receipt` is the delivery's, kept so that a restarted worker
    /// can give back what its killed predecessor held.
    pub async fn claim(
        &self,
        id: VideoId,
        worker: &str,
        receipt: &str,
        lease: Duration,
    ) -> Result<ClaimOutcome, StoreError> {
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, id).await? else { return Ok(ClaimOutcome::Finished) };
        if status_of(&row)? == VideoStatus::Completed {
            return self.claim_published(txn, &row, (worker, receipt, lease)).await;
        }
        let Ok(update) = step_from(&row, Transition::Claim)? else {
            return Ok(ClaimOutcome::Finished);
        };
        if let Some(until) = self.end_expired_attempt(&txn, id).await? {
            return Ok(ClaimOutcome::Busy { until });
        }
        let tries = tries_of(&row)?;
        if status_of(&row)? == VideoStatus::Processing && tries >= MAX_TRIES {
            self.fail_as_lost(&txn, &row).await?;
            txn.commit().await?;
            return Ok(ClaimOutcome::Exhausted);
        }

        let attempt = next_attempt(&row)?;
        let update = update.set(videos::ActiveModel {
            attempt: Set(attempt_no(attempt)),
            tries: Set(row.tries + 1),
            queued_at: Set(None),
            ..Default::default()
        });
        if !changed(update, &txn).await? {
            return Ok(ClaimOutcome::Finished);
        }
        let tries = tries + 1;
        let new = NewAttempt { video: id, attempt, tries, worker, receipt, lease, replaces: None };
        let claim = self.begin_attempt(&txn, new).await?;
        txn.commit().await?;
        Ok(ClaimOutcome::Claimed(Box::new(claim)))
    }

    /// Writes the row of an attempt; the video's own says so already.
    pub(crate) async fn begin_attempt(
        &self,
        txn: &DatabaseTransaction,
        new: NewAttempt<'_>,
    ) -> Result<Claim, StoreError> {
        let (attempt_id, token) = (self.ids.sortable(), self.ids.unguessable());
        let now = self.now();
        let started = attempts::ActiveModel {
            id: Set(attempt_id),
            video_id: Set(new.video.0),
            no: Set(attempt_no(new.attempt)),
            token: Set(token),
            worker: Set(new.worker.into()),
            receipt: Set(new.receipt.into()),
            started_at: Set(now),
            heartbeat_at: Set(now),
            lease_until: Set(after(now, new.lease)),
            progress: Set(0),
            steps: Set(to_json(&[(); 0])?),
            reprocess: Set(new.replaces.is_some()),
            ..Default::default()
        };
        attempts::Entity::insert(started).exec_without_returning(txn).await?;
        let event = NewEvent::new(new.video, Happening::Claimed).attempt(new.attempt);
        self.tell(txn, event.worker(new.worker)).await?;
        let video = load(txn, new.video).await?.ok_or_else(|| vanished(new.video))?;
        Ok(Claim {
            video,
            attempt_id: AttemptId(attempt_id),
            attempt: new.attempt,
            tries: new.tries,
            token: LeaseToken(token),
            replaces: new.replaces,
        })
    }

    /// Extends the lease to `lease` from now. `false`: it is no longer ours.
    pub async fn heartbeat(&self, claim: &Claim, lease: Duration) -> Result<bool, StoreError> {
        let now = self.now();
        let update = running(claim).set(attempts::ActiveModel {
            heartbeat_at: Set(now),
            lease_until: Set(after(now, lease)),
            ..Default::default()
        });
        changed(update, self.db.writer()).await
    }

    /// Notes the percentage done. `false`: the claim is no longer ours.
    pub async fn note_progress(&self, claim: &Claim, percent: u8) -> Result<bool, StoreError> {
        let update = running(claim).set(attempts::ActiveModel {
            progress: Set(Ord::min(percent, 100).into()),
            ..Default::default()
        });
        changed(update, self.db.writer()).await
    }

    /// `processing` → `completed`, or the new result takes the place of the
    /// published one. `false`: somebody else has it; remove what you uploaded.
    pub async fn publish(
        &self,
        claim: &Claim,
        result: PublishedResult,
    ) -> Result<bool, StoreError> {
        if let Some(old) = claim.replaces {
            return self.replace(claim, old, result).await;
        }
        let changes = videos::ActiveModel {
            duration_s: Set(Some(result.duration_s)),
            processed_at: Set(Some(self.now())),
            recipe: Set(result.recipe),
            failure: Set(None),
            ..Default::default()
        };
        let end = End {
            transition: Transition::Publish,
            outcome: Outcome::Published,
            failure: None,
            spent: &Spent { steps: result.steps, task_ms: result.task_ms, log_tail: None },
        };
        let Some(txn) = self.end(claim, end, changes).await? else { return Ok(false) };
        self.await_approval(&txn, claim, result.approval).await?;
        self.announce_video(&txn, claim.video.id, EventKind::VideoCompleted).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// `processing` → `rejected`.
    pub async fn reject(
        &self,
        claim: &Claim,
        failure: &Failure,
        spent: impl Into<Spent>,
    ) -> Result<bool, StoreError> {
        let spent = spent.into();
        self.end_for_good(claim, Transition::Reject, Outcome::Rejected, failure, &spent).await
    }

    /// `processing` → `pending` after a try that went wrong. With
    /// [`HandBack::NewMessage`] an outbox entry is written as well. This and
    /// all that follow leave a video that was being made again published.
    pub async fn requeue(
        &self,
        claim: &Claim,
        failure: &Failure,
        spent: impl Into<Spent>,
        message: HandBack,
    ) -> Result<bool, StoreError> {
        let spent = &spent.into();
        if claim.replaces.is_some() {
            return self.requeue_reprocessing(claim, (failure, spent), message).await;
        }
        let end = End {
            transition: Transition::Requeue,
            outcome: Outcome::Failed,
            failure: Some(failure),
            spent,
        };
        let changes =
            videos::ActiveModel { queued_at: Set(self.queued_at(message)), ..Default::default() };
        let Some(txn) = self.end(claim, end, changes).await? else { return Ok(false) };
        self.post_again(&txn, claim.video.id, message).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// `processing` → `failed`: the last try went wrong.
    pub async fn fail(
        &self,
        claim: &Claim,
        failure: &Failure,
        spent: impl Into<Spent>,
    ) -> Result<bool, StoreError> {
        let spent = spent.into();
        self.end_for_good(claim, Transition::Fail, Outcome::Failed, failure, &spent).await
    }

    /// `processing` → `pending` because the worker stops: the attempt's row is
    /// removed and the try does not count.
    pub async fn hand_back(&self, claim: &Claim, message: HandBack) -> Result<bool, StoreError> {
        if claim.replaces.is_some() {
            return self.hand_back_reprocessing(claim, message).await;
        }
        let txn = self.db.begin().await?;
        let Some(update) = step_of(claim, Transition::Requeue) else { return Ok(false) };
        let update = update
            .set(videos::ActiveModel {
                queued_at: Set(self.queued_at(message)),
                ..Default::default()
            })
            .col_expr(videos::Column::Tries, Expr::col(videos::Column::Tries).sub(1));
        if !changed(update, &txn).await? {
            return Ok(false);
        }
        let removed = attempts::Entity::delete_many().filter(is_running(claim)).exec(&txn).await?;
        if removed.rows_affected != 1 {
            return Ok(false);
        }
        self.post_again(&txn, claim.video.id, message).await?;
        let event = NewEvent::new(claim.video.id, Happening::HandedBack).attempt(claim.attempt);
        self.tell(&txn, event).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Ends now the leases of a worker that is known to be dead, and returns
    /// the receipts of the messages it held. The attempts themselves end
    /// (`lost`) at the next claim.
    pub async fn surrender_leases(&self, worker: &str) -> Result<Vec<String>, StoreError> {
        let held = attempts::Entity::update_many()
            .set(attempts::ActiveModel { lease_until: Set(self.now()), ..Default::default() })
            .filter(attempts::Column::Worker.eq(worker))
            .filter(attempts::Column::FinishedAt.is_null())
            .exec_with_returning(self.db.writer())
            .await?;
        Ok(held.into_iter().map(|attempt| attempt.receipt).collect())
    }

    /// Ends the running attempt of a video whose row is locked, if its lease
    /// has run out. If not, returns until when it is good.
    pub(crate) async fn end_expired_attempt(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let now = self.now();
        // A heartbeat may come in between: then nothing is changed here, and
        // the lease that is read next is a good one.
        let ended = attempts::Entity::update_many()
            .set(lost(now)?)
            .filter(attempts::Column::VideoId.eq(video.0))
            .filter(attempts::Column::FinishedAt.is_null())
            .filter(attempts::Column::LeaseUntil.lte(now));
        if changed(ended, txn).await? {
            self.tell(txn, NewEvent::new(video, Happening::Lost)).await?;
        }
        let alive = attempts::Entity::find()
            .filter(attempts::Column::VideoId.eq(video.0))
            .filter(attempts::Column::FinishedAt.is_null())
            .one(txn)
            .await?;
        Ok(alive.map(|attempt| attempt.lease_until))
    }

    /// `processing` → `failed`: the worker of the last try has vanished.
    pub(crate) async fn fail_as_lost(
        &self,
        txn: &DatabaseTransaction,
        row: &videos::Model,
    ) -> Result<bool, StoreError> {
        let Ok(update) = step_from(row, Transition::Fail)? else { return Ok(false) };
        let failure = Failure::new(FailureCode::WorkerLost);
        let update = update.set(videos::ActiveModel {
            failure: Set(Some(to_json(&failure)?)),
            ..Default::default()
        });
        if !changed(update, txn).await? {
            return Ok(false);
        }
        self.announce_video(txn, VideoId(row.id), EventKind::VideoFailed).await?;
        let event = NewEvent::new(VideoId(row.id), Happening::Failed);
        self.tell(txn, event.because(Some(&failure))).await?;
        Ok(true)
    }

    async fn end_for_good(
        &self,
        claim: &Claim,
        transition: Transition,
        outcome: Outcome,
        failure: &Failure,
        spent: &Spent,
    ) -> Result<bool, StoreError> {
        if claim.replaces.is_some() {
            return self.give_up_reprocessing(claim, outcome, failure, spent).await;
        }
        let changes =
            videos::ActiveModel { failure: Set(Some(to_json(failure)?)), ..Default::default() };
        let end = End { transition, outcome, failure: Some(failure), spent };
        let Some(txn) = self.end(claim, end, changes).await? else { return Ok(false) };
        let event = match outcome {
            Outcome::Rejected => EventKind::VideoRejected,
            _ => EventKind::VideoFailed,
        };
        self.announce_video(&txn, claim.video.id, event).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Ends an attempt, if it is still the claim's: one transaction, which the
    /// caller commits. `None`: it is not, and nothing has changed.
    async fn end(
        &self,
        claim: &Claim,
        end: End<'_>,
        changes: videos::ActiveModel,
    ) -> Result<Option<DatabaseTransaction>, StoreError> {
        let Some(update) = step_of(claim, end.transition) else { return Ok(None) };
        let txn = self.db.begin().await?;
        if !changed(update.set(changes), &txn).await? {
            return Ok(None);
        }
        if !self.end_attempt(&txn, claim, end.outcome, end.failure, end.spent).await? {
            return Ok(None);
        }
        let event = NewEvent::new(claim.video.id, end.happening()).attempt(claim.attempt);
        self.tell(&txn, event.because(end.failure)).await?;
        Ok(Some(txn))
    }

    /// Ends the claim's attempt. `false`: somebody else has.
    pub(crate) async fn end_attempt(
        &self,
        txn: &DatabaseTransaction,
        claim: &Claim,
        outcome: Outcome,
        failure: Option<&Failure>,
        spent: &Spent,
    ) -> Result<bool, StoreError> {
        let ended = running(claim).set(attempts::ActiveModel {
            finished_at: Set(Some(self.now())),
            outcome: Set(Some(outcome.as_str().into())),
            failure_code: Set(failure.map(|failure| failure.code.as_str().into())),
            failure: Set(failure.map(to_json).transpose()?),
            steps: Set(to_json(&spent.steps)?),
            task_ms: Set(spent.task_ms.and_then(|ms| i64::try_from(ms).ok())),
            log_tail: Set(spent.log_tail.as_deref().map(|tail| tail.replace('\0', "\u{fffd}"))),
            ..Default::default()
        });
        changed(ended, txn).await
    }

    fn queued_at(&self, message: HandBack) -> Option<DateTime<Utc>> {
        match message {
            HandBack::SameMessage => Some(self.now()),
            HandBack::NewMessage => None,
        }
    }

    async fn post_again(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
        message: HandBack,
    ) -> Result<(), StoreError> {
        if message == HandBack::NewMessage {
            let row = lock(txn, video).await?.ok_or_else(|| vanished(video))?;
            self.post(txn, video, row.traceparent).await?;
        }
        Ok(())
    }
}

/// How an attempt ends.
struct End<'a> {
    transition: Transition,
    outcome: Outcome,
    failure: Option<&'a Failure>,
    spent: &'a Spent,
}

impl End<'_> {
    fn happening(&self) -> Happening {
        match self.transition {
            Transition::Publish => Happening::Published,
            Transition::Reject => Happening::Rejected,
            Transition::Requeue => Happening::Requeued,
            _ => Happening::Failed,
        }
    }
}

/// No number is ever used twice: objects of an attempt that was handed back
/// may still be there.
pub(crate) fn next_attempt(row: &videos::Model) -> Result<AttemptNo, StoreError> {
    let highest = Ord::max(row.attempt, row.reprocess_attempt);
    Ok(AttemptNo(count("videos", "attempt", highest)?).next())
}

/// The columns of an attempt whose worker has vanished.
pub(crate) fn lost(now: DateTime<Utc>) -> Result<attempts::ActiveModel, StoreError> {
    Ok(attempts::ActiveModel {
        finished_at: Set(Some(now)),
        outcome: Set(Some(Outcome::Lost.as_str().into())),
        failure_code: Set(Some(FailureCode::WorkerLost.as_str().into())),
        failure: Set(Some(to_json(&Failure::new(FailureCode::WorkerLost))?)),
        ..Default::default()
    })
}

/// The claim's attempt, as long as nobody has ended it.
pub(crate) fn is_running(claim: &Claim) -> Condition {
    Condition::all()
        .add(attempts::Column::Id.eq(claim.attempt_id.0))
        .add(attempts::Column::Token.eq(claim.token.0))
        .add(attempts::Column::FinishedAt.is_null())
}

fn running(claim: &Claim) -> UpdateMany<attempts::Entity> {
    attempts::Entity::update_many().filter(is_running(claim))
}

/// The step out of `processing` for the holder of the claim, and nobody else.
/// `None` where the diagram has no such edge.
fn step_of(claim: &Claim, transition: Transition) -> Option<UpdateMany<videos::Entity>> {
    let attempt = attempt_no(claim.attempt);
    step(claim.video.id, attempt, VideoStatus::Processing, transition)
        .ok()
        .map(|update| update.filter(Expr::exists(held_by(claim))))
}

/// The claim's attempt, as a subquery: empty once it is no longer its own.
pub(crate) fn held_by(claim: &Claim) -> SelectStatement {
    attempts::Entity::find()
        .select_only()
        .column(attempts::Column::Id)
        .filter(is_running(claim))
        .into_query()
}

/// A row that the transaction holds is gone: it cannot be.
fn vanished(id: VideoId) -> DbErr {
    DbErr::RecordNotFound(format!("video {id}"))
}
