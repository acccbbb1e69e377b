//! A worker's try at making a published video again. The same edges as those
//! of a first making, with other ends: the video stays `completed` whatever
//! happens.

use std::time::Duration;

use anb_domain::{
    AttemptNo, Failure, FailureCode, Happening, JobState, Transition, VideoId, VideoStatus,
    retry::MAX_TRIES,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{Column, Entity, open_job, state_of, step};
use crate::{
    Claim, ClaimOutcome, HandBack, Outcome, PublishedResult, Spent, Store, StoreError,
    entity::{attempts, reprocess_jobs, videos},
    history::NewEvent,
    lifecycle::{NewAttempt, held_by, is_running, next_attempt},
    row::{attempt_no, count},
    step::{changed, lock, step as video_step},
};

impl Store {
    /// A message about a published video: is it to be made again?
    pub(crate) async fn claim_published(
        &self,
        txn: DatabaseTransaction,
        row: &videos::Model,
        (worker, receipt, lease): (&str, &str, Duration),
    ) -> Result<ClaimOutcome, StoreError> {
        let video = VideoId(row.id);
        let Some(job) = open_job(&txn, video).await? else { return Ok(ClaimOutcome::Finished) };
        let state = state_of(&job)?;
        if state == JobState::Wanted {
            return Ok(ClaimOutcome::Finished);
        }
        if let Some(until) = self.end_expired_attempt(&txn, video).await? {
            return Ok(ClaimOutcome::Busy { until });
        }
        if self.goes_no_further(&txn, &job).await? {
            txn.commit().await?;
            return Ok(ClaimOutcome::Finished);
        }
        let old = AttemptNo(count("videos", "attempt", row.attempt)?);
        let attempt = next_attempt(row)?;
        let begun =
            step(&job, JobState::Running).col_expr(Column::Tries, Expr::col(Column::Tries).add(1));
        if !changed(begun, &txn).await? {
            return Ok(ClaimOutcome::Finished);
        }
        videos::Entity::update_many()
            .col_expr(videos::Column::ReprocessAttempt, Expr::value(attempt_no(attempt)))
            .filter(videos::Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        let tries = count("reprocess_jobs", "tries", job.tries + 1)?;
        let new = NewAttempt { video, attempt, tries, worker, receipt, lease, replaces: Some(old) };
        let claim = self.begin_attempt(&txn, new).await?;
        txn.commit().await?;
        Ok(ClaimOutcome::Claimed(Box::new(claim)))
    }

    /// Whether a job is not begun after all: its last worker has vanished at
    /// the last try, or fresh uploads wait. Those come first, and the pacer
    /// lets it in again once they are through.
    async fn goes_no_further(
        &self,
        txn: &DatabaseTransaction,
        job: &reprocess_jobs::Model,
    ) -> Result<bool, StoreError> {
        let tries: u32 = count("reprocess_jobs", "tries", job.tries)?;
        if tries >= MAX_TRIES {
            let event = NewEvent::new(VideoId(job.video_id), Happening::ReprocessKept);
            return self.keep_old(txn, job, &Failure::new(FailureCode::WorkerLost), event).await;
        }
        let uploads_wait = super::pace::uploads_wait(txn).await?;
        Ok(uploads_wait && changed(step(job, JobState::Wanted), txn).await?)
    }

    /// The new result takes the place of the old one, whose objects go once no
    /// link to them is good any more.
    pub(crate) async fn replace(
        &self,
        claim: &Claim,
        old: AttemptNo,
        result: PublishedResult,
    ) -> Result<bool, StoreError> {
        let video = claim.video.id;
        let (old, new) = (attempt_no(old), attempt_no(claim.attempt));
        let Ok(update) = video_step(video, old, VideoStatus::Completed, Transition::Replace) else {
            return Ok(false);
        };
        let update = update.filter(Expr::exists(held_by(claim))).set(videos::ActiveModel {
            attempt: Set(new),
            duration_s: Set(Some(result.duration_s)),
            recipe: Set(result.recipe),
            ..Default::default()
        });
        let txn = self.db.begin().await?;
        let spent = Spent { steps: result.steps, task_ms: result.task_ms, log_tail: None };
        if !changed(update, &txn).await?
            || !self.end_attempt(&txn, claim, Outcome::Published, None, &spent).await?
            || !self.job_is_done(&txn, video).await?
        {
            return Ok(false);
        }
        attempts::Entity::update_many()
            .col_expr(attempts::Column::ReplacedAt, Expr::value(self.now()))
            .filter(attempts::Column::VideoId.eq(video.0))
            .filter(attempts::Column::No.eq(old))
            .exec(&txn)
            .await?;
        let event = NewEvent::new(video, Happening::Reprocessed).attempt(claim.attempt);
        self.tell(&txn, event).await?;
        txn.commit().await?;
        Ok(true)
    }

    async fn job_is_done(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
    ) -> Result<bool, StoreError> {
        let Some(job) = open_job(txn, video).await? else { return Ok(false) };
        let ended =
            reprocess_jobs::ActiveModel { ended_at: Set(Some(self.now())), ..Default::default() };
        changed(step(&job, JobState::Done).set(ended), txn).await
    }

    /// The last try went wrong, or the clip breaks a rule by now.
    pub(crate) async fn give_up_reprocessing(
        &self,
        claim: &Claim,
        outcome: Outcome,
        failure: &Failure,
        spent: &Spent,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let Some(job) = self.end_of_job(&txn, claim, (outcome, failure, spent)).await? else {
            return Ok(false);
        };
        let event = NewEvent::new(claim.video.id, Happening::ReprocessKept).attempt(claim.attempt);
        if !self.keep_old(&txn, &job, failure, event).await? {
            return Ok(false);
        }
        txn.commit().await?;
        Ok(true)
    }

    /// A try went wrong and another one is due: with the same message, or as
    /// soon as the pacer lets it in again.
    pub(crate) async fn requeue_reprocessing(
        &self,
        claim: &Claim,
        (failure, spent): (&Failure, &Spent),
        message: HandBack,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let ended = (Outcome::Failed, failure, spent);
        let Some(job) = self.end_of_job(&txn, claim, ended).await? else { return Ok(false) };
        if !changed(self.back(&job, message), &txn).await? {
            return Ok(false);
        }
        let event = NewEvent::new(claim.video.id, Happening::Requeued).attempt(claim.attempt);
        self.tell(&txn, event.because(Some(failure))).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// The worker stops: no try was made.
    pub(crate) async fn hand_back_reprocessing(
        &self,
        claim: &Claim,
        message: HandBack,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        lock(&txn, claim.video.id).await?;
        let removed = attempts::Entity::delete_many().filter(is_running(claim)).exec(&txn).await?;
        let Some(job) = open_job(&txn, claim.video.id).await? else { return Ok(false) };
        let back =
            self.back(&job, message).col_expr(Column::Tries, Expr::col(Column::Tries).sub(1));
        if removed.rows_affected != 1 || !changed(back, &txn).await? {
            return Ok(false);
        }
        let event = NewEvent::new(claim.video.id, Happening::HandedBack).attempt(claim.attempt);
        self.tell(&txn, event).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// A worker that was making a published video again has vanished.
    pub(crate) async fn lost_reprocessing(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
    ) -> Result<bool, StoreError> {
        let Some(job) = open_job(txn, video).await? else { return Ok(true) };
        if count::<u32>("reprocess_jobs", "tries", job.tries)? >= MAX_TRIES {
            let event = NewEvent::new(video, Happening::ReprocessKept);
            return self.keep_old(txn, &job, &Failure::new(FailureCode::WorkerLost), event).await;
        }
        changed(step(&job, JobState::Wanted), txn).await
    }

    /// The try of a locked video that made it again was stopped.
    pub(crate) async fn cancel_reprocessing(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
        failure: &Failure,
    ) -> Result<bool, StoreError> {
        let Some(job) = open_job(txn, video).await? else { return Ok(false) };
        self.keep_old(txn, &job, failure, NewEvent::new(video, Happening::ReprocessKept)).await
    }

    /// Ends the claim's attempt, and returns its job.
    async fn end_of_job(
        &self,
        txn: &DatabaseTransaction,
        claim: &Claim,
        (outcome, failure, spent): (Outcome, &Failure, &Spent),
    ) -> Result<Option<reprocess_jobs::Model>, StoreError> {
        lock(txn, claim.video.id).await?;
        if !self.end_attempt(txn, claim, outcome, Some(failure), spent).await? {
            return Ok(None);
        }
        open_job(txn, claim.video.id).await
    }

    fn back(&self, job: &reprocess_jobs::Model, message: HandBack) -> sea_orm::UpdateMany<Entity> {
        match message {
            HandBack::SameMessage => {
                step(job, JobState::Queued).col_expr(Column::QueuedAt, Expr::value(self.now()))
            }
            HandBack::NewMessage => step(job, JobState::Wanted),
        }
    }
}
