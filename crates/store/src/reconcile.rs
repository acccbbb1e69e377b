//! What the reconciler asks and mends.

use std::collections::HashMap;

use anb_domain::{
    AttemptId, AttemptNo, EventKind, Failure, Happening, Transition, VideoId, VideoStatus,
    retry::MAX_TRIES,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, IntoColumnRef, Query, SelectStatement},
};

use crate::{
    Store, StoreError,
    backlog::RunningAttempts,
    entity::{attempts, outbox, videos},
    history::NewEvent,
    lifecycle::lost,
    parts::forget_parts,
    row::{count, name, status_of, to_json, tries_of, within_i64},
    step::{changed, end_running_attempt, lock, step_from},
};

/// An attempt whose worker has not been heard of since its lease ran out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredLease {
    pub video: VideoId,
    pub attempt_id: AttemptId,
    pub attempt: AttemptNo,
    pub tries: u32,
    pub lease_until: DateTime<Utc>,
}

/// A `pending` video without an outbox entry: its message should be in the
/// queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingVideo {
    pub video: VideoId,
    pub tries: u32,
    /// When its message was last sent.
    pub queued_at: DateTime<Utc>,
}

/// What a row says about a video's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVideo {
    pub video: VideoId,
    pub status: VideoStatus,
    /// The attempt that is running or published.
    pub attempt: AttemptNo,
    /// Those that have objects beside it: one that makes the video again, and
    /// those whose result was replaced but may still be watched.
    pub others: Vec<AttemptNo>,
}

impl Store {
    /// Uploads that nobody finished before they expired.
    pub async fn expired_uploads(&self, limit: u64) -> Result<Vec<VideoId>, StoreError> {
        let ids: Vec<Uuid> = videos::Entity::find()
            .select_only()
            .column(videos::Column::Id)
            .filter(videos::Column::Status.eq(VideoStatus::Uploading.as_str()))
            .filter(videos::Column::UploadExpiresAt.lte(self.now()))
            .order_by_asc(videos::Column::UploadExpiresAt)
            .limit(within_i64(limit))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        Ok(ids.into_iter().map(VideoId).collect())
    }

    /// Attempts in `processing` whose lease ran out before `before`.
    pub async fn expired_leases(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<ExpiredLease>, StoreError> {
        let expired = |running: RunningAttempts| {
            running
                .filter(attempts::Column::LeaseUntil.lt(before))
                .order_by_asc(attempts::Column::LeaseUntil)
        };
        let rows = self.running_attempts(expired, limit).await?;
        rows.into_iter()
            .map(|(attempt, video)| {
                Ok(ExpiredLease {
                    video: VideoId(video.id),
                    attempt_id: AttemptId(attempt.id),
                    attempt: AttemptNo(count("attempts", "no", attempt.no)?),
                    tries: tries_of(&video)?,
                    lease_until: attempt.lease_until,
                })
            })
            .collect()
    }

    /// Ends a vanished attempt (`lost`): `processing` → `pending` with an
    /// outbox entry, or → `failed` (`worker_lost`) when it was the last try. A
    /// video that was being made again stays `completed`.
    /// `None`: the attempt is alive after all, or has ended.
    pub async fn end_lost_attempt(
        &self,
        lease: &ExpiredLease,
    ) -> Result<Option<VideoStatus>, StoreError> {
        let now = self.now();
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, lease.video).await? else { return Ok(None) };
        let ended = attempts::Entity::update_many()
            .set(lost(now)?)
            .filter(attempts::Column::Id.eq(lease.attempt_id.0))
            .filter(attempts::Column::FinishedAt.is_null())
            .filter(attempts::Column::LeaseUntil.lte(now));
        if !changed(ended, &txn).await? {
            return Ok(None);
        }
        let event = NewEvent::new(lease.video, Happening::Lost).attempt(lease.attempt);
        self.tell(&txn, event).await?;
        let status = if status_of(&row)? == VideoStatus::Completed {
            self.lost_reprocessing(&txn, lease.video).await?.then_some(VideoStatus::Completed)
        } else if tries_of(&row)? >= MAX_TRIES {
            self.fail_as_lost(&txn, &row).await?.then_some(VideoStatus::Failed)
        } else {
            let Ok(update) = step_from(&row, Transition::Requeue)? else { return Ok(None) };
            let requeued = changed(update, &txn).await?;
            self.post(&txn, lease.video, row.traceparent).await?;
            requeued.then_some(VideoStatus::Pending)
        };
        if status.is_some() {
            txn.commit().await?;
        }
        Ok(status)
    }

    /// `pending` videos whose message was sent before `queued_before` and that
    /// have no outbox entry; oldest first.
    pub async fn waiting_videos(
        &self,
        queued_before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingVideo>, StoreError> {
        // A pending video with neither a message nor an entry cannot be; if it
        // is, it must not wait for ever.
        let sent_before = Condition::any()
            .add(videos::Column::QueuedAt.lt(queued_before))
            .add(videos::Column::QueuedAt.is_null());
        let rows = videos::Entity::find()
            .filter(videos::Column::Status.eq(VideoStatus::Pending.as_str()))
            .filter(sent_before)
            .filter(Expr::not_exists(entries_of((videos::Entity, videos::Column::Id))))
            .order_by_asc(videos::Column::QueuedAt)
            .order_by_asc(videos::Column::Id)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(WaitingVideo {
                    video: VideoId(row.id),
                    tries: tries_of(&row)?,
                    queued_at: row.queued_at.or(row.uploaded_at).unwrap_or(row.created_at),
                })
            })
            .collect()
    }

    /// Writes an outbox entry for a `pending` video whose message is gone.
    /// `false` if it is no longer pending or has an entry already.
    pub async fn send_again(&self, video: VideoId) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, video).await? else { return Ok(false) };
        let entry = outbox::Entity::find().filter(outbox::Column::VideoId.eq(video.0));
        if status_of(&row)? != VideoStatus::Pending || entry.one(&txn).await?.is_some() {
            return Ok(false);
        }
        self.post(&txn, video, row.traceparent).await?;
        let event = NewEvent::new(video, Happening::Requeued).reason("message lost");
        self.tell(&txn, event).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// `pending` → `failed`.
    pub async fn fail_pending(
        &self,
        video: VideoId,
        failure: &Failure,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, video).await? else { return Ok(false) };
        // `processing` may fail as well, but only by the hand of its worker.
        if status_of(&row)? != VideoStatus::Pending {
            return Ok(false);
        }
        let Ok(update) = step_from(&row, Transition::Fail)? else { return Ok(false) };
        let update = update.set(videos::ActiveModel {
            failure: Set(Some(to_json(failure)?)),
            queued_at: Set(None),
            ..Default::default()
        });
        if !changed(update, &txn).await? {
            return Ok(false);
        }
        outbox::Entity::delete_many()
            .filter(outbox::Column::VideoId.eq(video.0))
            .exec(&txn)
            .await?;
        self.announce_video(&txn, video, EventKind::VideoFailed).await?;
        let event = NewEvent::new(video, Happening::Failed).because(Some(failure));
        self.tell(&txn, event).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Attempts that ended without being published and whose objects have not
    /// been purged yet.
    pub async fn unpurged_attempts(
        &self,
        limit: u64,
    ) -> Result<Vec<(AttemptId, VideoId, AttemptNo)>, StoreError> {
        // Written out, as the index has it: a parameter would not match.
        self.unpurged(Expr::cust("outcome <> 'published'"), limit).await
    }

    /// The same of attempts whose result was replaced before `before`.
    pub async fn replaced_attempts(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<(AttemptId, VideoId, AttemptNo)>, StoreError> {
        self.unpurged(attempts::Column::ReplacedAt.lt(before), limit).await
    }

    async fn unpurged(
        &self,
        which: Expr,
        limit: u64,
    ) -> Result<Vec<(AttemptId, VideoId, AttemptNo)>, StoreError> {
        let rows: Vec<(Uuid, Uuid, i32)> = attempts::Entity::find()
            .select_only()
            .columns([attempts::Column::Id, attempts::Column::VideoId, attempts::Column::No])
            .filter(attempts::Column::PurgedAt.is_null())
            .filter(which)
            .order_by_asc(attempts::Column::FinishedAt)
            .limit(within_i64(limit))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        rows.into_iter()
            .map(|(id, video, no)| {
                Ok((AttemptId(id), VideoId(video), AttemptNo(count("attempts", "no", no)?)))
            })
            .collect()
    }

    /// The objects of this attempt are verified gone.
    pub async fn attempt_purged(&self, attempt: AttemptId) -> Result<(), StoreError> {
        attempts::Entity::update_many()
            .set(attempts::ActiveModel { purged_at: Set(Some(self.now())), ..Default::default() })
            .filter(attempts::Column::Id.eq(attempt.0))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }

    /// Tombstones whose objects have not been purged yet.
    pub async fn unpurged_tombstones(&self, limit: u64) -> Result<Vec<VideoId>, StoreError> {
        let ids: Vec<Uuid> = videos::Entity::find()
            .select_only()
            .column(videos::Column::Id)
            .filter(videos::Column::DeletedAt.is_not_null())
            .filter(videos::Column::PurgedAt.is_null())
            .order_by_asc(videos::Column::DeletedAt)
            .limit(within_i64(limit))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        Ok(ids.into_iter().map(VideoId).collect())
    }

    /// All objects of this tombstone are verified gone.
    pub async fn tombstone_purged(&self, video: VideoId) -> Result<(), StoreError> {
        let now = Some(self.now());
        let txn = self.db.begin().await?;
        let update = videos::Entity::update_many()
            .set(videos::ActiveModel { purged_at: Set(now), ..Default::default() })
            .filter(videos::Column::Id.eq(video.0))
            .filter(videos::Column::Status.eq(VideoStatus::Deleted.as_str()));
        if changed(update, &txn).await? {
            attempts::Entity::update_many()
                .set(attempts::ActiveModel { purged_at: Set(now), ..Default::default() })
                .filter(attempts::Column::VideoId.eq(video.0))
                .filter(attempts::Column::PurgedAt.is_null())
                .exec(&txn)
                .await?;
            forget_parts(&txn, video).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// What the rows say about these videos; ids without a row are left out.
    pub async fn known_videos(&self, ids: &[VideoId]) -> Result<Vec<KnownVideo>, StoreError> {
        let mut known = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS_PER_STATEMENT) {
            let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
            let rows = videos::Entity::find().filter(videos::Column::Id.is_in(ids.clone()));
            // Read after the rows: what was replaced in between is known, and
            // what replaced it is too young to be taken for a stray.
            let rows = rows.all(self.db.reader()).await?;
            let mut others = self.with_other_objects(ids).await?;
            for row in &rows {
                let others = others.remove(&row.id).unwrap_or_default();
                known.push(KnownVideo { others, ..KnownVideo::try_from(row)? });
            }
        }
        Ok(known)
    }

    async fn with_other_objects(
        &self,
        videos: Vec<Uuid>,
    ) -> Result<HashMap<Uuid, Vec<AttemptNo>>, StoreError> {
        use attempts::Column::{FinishedAt, No, PurgedAt, ReplacedAt, VideoId};
        let replaced = ReplacedAt.is_not_null().and(PurgedAt.is_null());
        let rows: Vec<(Uuid, i32)> = attempts::Entity::find()
            .select_only()
            .columns([VideoId, No])
            .filter(VideoId.is_in(videos))
            .filter(Condition::any().add(FinishedAt.is_null()).add(replaced))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        let mut others = HashMap::<_, Vec<_>>::new();
        for (video, no) in rows {
            others.entry(video).or_default().push(AttemptNo(count("attempts", "no", no)?));
        }
        Ok(others)
    }

    /// Videos by id, from `after` on: to check that each has its objects.
    /// Leaves out `uploading` and `deleted`.
    pub async fn videos_with_objects(
        &self,
        after: Option<VideoId>,
        limit: u64,
    ) -> Result<Vec<KnownVideo>, StoreError> {
        let without = [VideoStatus::Uploading, VideoStatus::Deleted].map(VideoStatus::as_str);
        let rows = videos::Entity::find()
            .filter(videos::Column::Status.is_not_in(without))
            .apply_if(after, |rows, after| rows.filter(videos::Column::Id.gt(after.0)))
            .order_by_asc(videos::Column::Id)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        rows.iter().map(KnownVideo::try_from).collect()
    }

    /// `completed` → `pending` with an outbox entry and three new tries: its
    /// published objects are gone but the original is there.
    pub async fn restore_video(&self, video: VideoId) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, video).await? else { return Ok(false) };
        let Ok(update) = step_from(&row, Transition::Restore)? else { return Ok(false) };
        let update = update.set(videos::ActiveModel {
            tries: Set(0),
            duration_s: Set(None),
            processed_at: Set(None),
            ..Default::default()
        });
        if !changed(update, &txn).await? {
            return Ok(false);
        }
        // Who was making it again would find it pending.
        self.drop_job(&txn, video).await?;
        end_running_attempt(&txn, video, self.now()).await?;
        self.post(&txn, video, row.traceparent).await?;
        self.tell(&txn, NewEvent::new(video, Happening::Restored)).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// How many videos there are in each state, empty ones included.
    pub async fn count_by_status(&self) -> Result<Vec<(VideoStatus, u64)>, StoreError> {
        let counted: Vec<(String, i64)> = videos::Entity::find()
            .select_only()
            .column(videos::Column::Status)
            .column_as(videos::Column::Id.count(), "videos")
            .group_by(videos::Column::Status)
            .into_tuple()
            .all(self.db.reader())
            .await?;
        let mut counts = VideoStatus::ALL.map(|status| (status, 0));
        for (status, videos) in counted {
            let status: VideoStatus = name("videos", "status", &status)?;
            for (_, count_of) in counts.iter_mut().filter(|(known, _)| *known == status) {
                *count_of = count("videos", "id", videos)?;
            }
        }
        Ok(counts.into())
    }
}

/// Far below the number of parameters that either database takes.
const IDS_PER_STATEMENT: usize = 1000;

impl TryFrom<&videos::Model> for KnownVideo {
    type Error = StoreError;

    fn try_from(row: &videos::Model) -> Result<Self, StoreError> {
        Ok(Self {
            video: VideoId(row.id),
            status: status_of(row)?,
            attempt: AttemptNo(count("videos", "attempt", row.attempt)?),
            others: Vec::new(),
        })
    }
}

/// The outbox entries of the video that the outer statement has in `column`.
pub(crate) fn entries_of(column: impl IntoColumnRef) -> SelectStatement {
    Query::select()
        .column(outbox::Column::Id)
        .from(outbox::Entity)
        .and_where(Expr::col((outbox::Entity, outbox::Column::VideoId)).eq(Expr::col(column)))
        .take()
}
