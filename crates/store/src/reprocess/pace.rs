//! How published videos get into the queue again: few at once, and never
//! before a fresh upload.

use anb_domain::{Happening, JobState, RunState, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction,
    EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, prelude::Uuid, sea_query::Expr,
};

use super::{Column, Entity, open_job, state_of, step};
use crate::{
    Store, StoreError, WaitingVideo,
    entity::{reprocess_jobs::ActiveModel, reprocess_runs, videos},
    reconcile::entries_of,
    row::{count, status_of, within_i64},
    step::{changed, lock},
};

/// Whether any accepted upload waits for a worker.
pub(super) async fn uploads_wait(db: &impl ConnectionTrait) -> Result<bool, StoreError> {
    let waiting =
        videos::Entity::find().filter(videos::Column::Status.eq(VideoStatus::Pending.as_str()));
    Ok(waiting.one(db).await?.is_some())
}

impl Store {
    /// Lets wanted videos into the queue, as long as no upload waits and fewer
    /// than `at_once` of those that `pacer` has let in are under way. Returns
    /// how many went.
    pub async fn pace_reprocessing(&self, pacer: &str, at_once: u64) -> Result<u64, StoreError> {
        let under_way = [JobState::Queued, JobState::Running].map(JobState::as_str);
        let mut went = 0;
        loop {
            let Some(next) = self.next_wanted().await? else { return Ok(went) };
            let own = Entity::find()
                .filter(Column::Pacer.eq(pacer))
                .filter(Column::State.is_in(under_way));
            if uploads_wait(self.db.reader()).await?
                || own.count(self.db.reader()).await? >= at_once
            {
                return Ok(went);
            }
            if self.let_in(next, pacer).await? {
                went += 1;
            }
        }
    }

    /// The one that has waited for longest, of the runs that are going on.
    async fn next_wanted(&self) -> Result<Option<VideoId>, StoreError> {
        let going = reprocess_runs::Entity::find()
            .select_only()
            .column(reprocess_runs::Column::Id)
            .filter(reprocess_runs::Column::State.eq(RunState::Going.as_str()))
            .into_query();
        let next: Option<Uuid> = Entity::find()
            .select_only()
            .column(Column::VideoId)
            .filter(Column::State.eq(JobState::Wanted.as_str()))
            .filter(Column::RunId.in_subquery(going))
            .order_by_asc(Column::WantedAt)
            .order_by_asc(Column::VideoId)
            .into_tuple()
            .one(self.db.reader())
            .await?;
        Ok(next.map(VideoId))
    }

    async fn let_in(&self, video: VideoId, pacer: &str) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, video).await? else { return Ok(false) };
        let Some(job) = open_job(&txn, video).await? else { return Ok(false) };
        if status_of(&row)? != VideoStatus::Completed {
            self.drop_job(&txn, video).await?;
            txn.commit().await?;
            return Ok(false);
        }
        if state_of(&job)? != JobState::Wanted {
            return Ok(false);
        }
        let queued = ActiveModel {
            pacer: Set(Some(pacer.to_owned())),
            queued_at: Set(None),
            ..Default::default()
        };
        if !changed(step(&job, JobState::Queued).set(queued), &txn).await? {
            return Ok(false);
        }
        self.post(&txn, video, row.traceparent).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Notes that the queue has the message of a job.
    pub(crate) async fn reprocessing_sent(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
    ) -> Result<bool, StoreError> {
        let queued = Entity::update_many()
            .col_expr(Column::QueuedAt, Expr::value(self.now()))
            .filter(Column::VideoId.eq(video.0))
            .filter(Column::State.eq(JobState::Queued.as_str()));
        changed(queued, txn).await
    }

    /// Jobs whose message was sent before `queued_before` and has not been
    /// received since; oldest first.
    pub async fn waiting_reprocessing(
        &self,
        queued_before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingVideo>, StoreError> {
        let sent_before = Condition::any()
            .add(Column::QueuedAt.lt(queued_before))
            .add(Column::QueuedAt.is_null());
        let rows = Entity::find()
            .filter(Column::State.eq(JobState::Queued.as_str()))
            .filter(sent_before)
            .filter(Expr::not_exists(entries_of((Entity, Column::VideoId))))
            .order_by_asc(Column::QueuedAt)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        rows.into_iter()
            .map(|job| {
                Ok(WaitingVideo {
                    video: VideoId(job.video_id),
                    tries: count("reprocess_jobs", "tries", job.tries)?,
                    queued_at: job.queued_at.unwrap_or(job.wanted_at),
                })
            })
            .collect()
    }

    /// The message of a job is gone: it waits for the pacer again.
    pub async fn reprocessing_message_lost(&self, video: VideoId) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        if lock(&txn, video).await?.is_none() {
            return Ok(false);
        }
        let Some(job) = open_job(&txn, video).await? else { return Ok(false) };
        if state_of(&job)? != JobState::Queued
            || !changed(step(&job, JobState::Wanted), &txn).await?
        {
            return Ok(false);
        }
        let event = crate::history::NewEvent::new(video, Happening::Requeued);
        self.tell(&txn, event.reason("message lost")).await?;
        txn.commit().await?;
        Ok(true)
    }
}
