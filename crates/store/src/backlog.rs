//! What waits for a worker, and what workers are at.

use anb_domain::{AttemptNo, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, SelectTwo,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, Query},
};

use crate::{
    Store, StoreError,
    entity::{attempts, videos},
    row::{count, within_i64},
};

/// A video that waits for a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLine {
    pub video: VideoId,
    pub title: String,
    /// Tries that went wrong before.
    pub tries: u32,
    /// When its upload was accepted.
    pub since: DateTime<Utc>,
    /// When its message was last sent or given back; `None`: on its way.
    pub queued_at: Option<DateTime<Utc>>,
    /// When the last try went wrong.
    pub failed_at: Option<DateTime<Utc>>,
}

/// A try that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtWork {
    pub video: VideoId,
    pub title: String,
    pub attempt: AttemptNo,
    pub worker: String,
    pub progress: u8,
    pub since: DateTime<Utc>,
    pub lease_until: DateTime<Utc>,
    /// Whether it makes a published video again.
    pub reprocess: bool,
}

impl Store {
    /// The first in line; as [`Self::ahead_of`] counts them.
    pub async fn in_line(&self, limit: u64) -> Result<Vec<InLine>, StoreError> {
        let failed_at = Query::select()
            .expr(attempts::Column::FinishedAt.max())
            .from(attempts::Entity)
            .and_where(
                Expr::col((attempts::Entity, attempts::Column::VideoId))
                    .equals((videos::Entity, videos::Column::Id)),
            )
            .and_where(attempts::Column::Outcome.eq("failed"))
            .take();
        let rows: Vec<InLineRow> = videos::Entity::find()
            .select_only()
            .columns([
                videos::Column::Id,
                videos::Column::Title,
                videos::Column::Tries,
                videos::Column::CreatedAt,
                videos::Column::UploadedAt,
                videos::Column::QueuedAt,
            ])
            .expr_as(failed_at, "failed_at")
            .filter(videos::Column::Status.eq(VideoStatus::Pending.as_str()))
            .order_by_asc(Expr::cust("CASE WHEN queued_at IS NULL THEN 1 ELSE 0 END"))
            .order_by_asc(Expr::cust("COALESCE(queued_at, created_at)"))
            .order_by_asc(videos::Column::Id)
            .limit(within_i64(limit))
            .into_model()
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(InLine::try_from).collect()
    }

    /// The tries that run, longest first.
    pub async fn at_work(&self, limit: u64) -> Result<Vec<AtWork>, StoreError> {
        let longest_first = |running: RunningAttempts| {
            running.order_by_asc(attempts::Column::StartedAt).order_by_asc(attempts::Column::Id)
        };
        let rows = self.running_attempts(longest_first, limit).await?;
        rows.into_iter()
            .map(|(attempt, video)| {
                Ok(AtWork {
                    video: VideoId(video.id),
                    title: video.title,
                    attempt: AttemptNo(count("attempts", "no", attempt.no)?),
                    worker: attempt.worker,
                    progress: count("attempts", "progress", attempt.progress)?,
                    since: attempt.started_at,
                    lease_until: attempt.lease_until,
                    reprocess: attempt.reprocess,
                })
            })
            .collect()
    }

    /// The tries that run and that `which` leaves, in its order, each with its
    /// video.
    pub(crate) async fn running_attempts(
        &self,
        which: impl FnOnce(RunningAttempts) -> RunningAttempts,
        limit: u64,
    ) -> Result<Vec<(attempts::Model, videos::Model)>, StoreError> {
        let running = attempts::Entity::find()
            .find_also_related(videos::Entity)
            .filter(attempts::Column::FinishedAt.is_null());
        let rows = which(running).limit(within_i64(limit)).all(self.db.reader()).await?;
        Ok(rows.into_iter().filter_map(|(attempt, video)| Some((attempt, video?))).collect())
    }
}

/// A question about tries that run.
pub(crate) type RunningAttempts = SelectTwo<attempts::Entity, videos::Entity>;

#[derive(FromQueryResult)]
struct InLineRow {
    id: Uuid,
    title: String,
    tries: i32,
    created_at: DateTime<Utc>,
    uploaded_at: Option<DateTime<Utc>>,
    queued_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
}

impl TryFrom<InLineRow> for InLine {
    type Error = StoreError;

    fn try_from(row: InLineRow) -> Result<Self, StoreError> {
        Ok(Self {
            video: VideoId(row.id),
            title: row.title,
            tries: count("videos", "tries", row.tries)?,
            since: row.uploaded_at.unwrap_or(row.created_at),
            queued_at: row.queued_at,
            failed_at: row.failed_at,
        })
    }
}
