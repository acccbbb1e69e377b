//! Videos as their owners and operators see them.

use std::time::Duration;

use anb_domain::{Action, Happening, Subject, Transition};
use anb_domain::{AttemptId, AttemptNo, Failure, PlayerId, VideoId, VideoStatus, Visibility};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, SelectModel, Selector,
    sea_query::{Expr, ExprTrait as _, Query},
};
use serde_json::json;
use thiserror::Error;

use crate::{
    Actor, Deed, Page, Store, StoreError,
    entity::{attempts, videos},
    history::NewEvent,
    lifecycle::StepTiming,
    row::{VideoRow, status_of, within_i64},
    step::{changed, lock, step_from},
};

/// A video's row.
#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    pub id: VideoId,
    pub owner: PlayerId,
    /// Empty while a form is `uploading`.
    pub title: String,
    /// The id of one of the contest's categories, where it has some.
    pub category: Option<String>,
    pub status: VideoStatus,
    /// The latest attempt; 0 before the first.
    pub attempt: AttemptNo,
    /// Tries that count: hand-backs do not, and an operator's retry starts
    /// again at 0.
    pub tries: u32,
    /// Percent done of the running attempt; 100 once completed.
    pub progress: u8,
    pub size_bytes: Option<u64>,
    pub sha256: Option<String>,
    pub content_type: Option<String>,
    /// Why it is `rejected` or `failed`.
    pub failure: Option<Failure>,
    /// Length of the published video in seconds.
    pub duration_s: Option<f64>,
    pub votes: u64,
    pub created_at: DateTime<Utc>,
    /// When the upload was accepted.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub processed_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    /// Who sees it, once it is completed.
    pub visibility: Visibility,
    /// Why it is not public, for its owner.
    pub visibility_reason: Option<String>,
    /// When that was ruled; `None`: it never was.
    pub visibility_at: Option<DateTime<Utc>>,
    /// With which recipe the published result was made.
    pub recipe: Option<String>,
}

impl Video {
    /// Whether everybody sees it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.status == VideoStatus::Completed && self.visibility == Visibility::Public
    }
}

/// One try at a video.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub id: AttemptId,
    pub video: VideoId,
    pub no: AttemptNo,
    pub worker: String,
    pub started_at: DateTime<Utc>,
    pub heartbeat_at: DateTime<Utc>,
    pub lease_until: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// `published`, `rejected`, `failed`, `lost`; `None` while it runs.
    pub outcome: Option<crate::Outcome>,
    pub failure: Option<Failure>,
    pub progress: u8,
    pub steps: Vec<StepTiming>,
    /// See [`Attempt::task_time`].
    pub task_ms: Option<u64>,
    /// What ffmpeg said last, of a try that went wrong.
    pub log_tail: Option<String>,
    /// Whether it makes a published video again.
    pub reprocess: bool,
    /// When a newer result took the place of its own.
    pub replaced_at: Option<DateTime<Utc>>,
}

impl Attempt {
    /// For how long it has kept a worker busy: from the claim to the end, or
    /// to the last sign of life of a worker that has vanished.
    #[must_use]
    pub fn busy(&self) -> Duration {
        let vanished = self.outcome == Some(crate::Outcome::Lost);
        let end = self.finished_at.filter(|_| !vanished).unwrap_or(self.heartbeat_at);
        (end - self.started_at).to_std().unwrap_or_default()
    }

    /// Its share of the time for which its task was busy: while n tries ran at
    /// once, each took 1/n. All of it where the worker has not said.
    #[must_use]
    pub fn task_time(&self) -> Duration {
        self.task_ms.map_or_else(|| self.busy(), Duration::from_millis)
    }
}

#[derive(Debug, Error)]
pub enum DeleteVideoError {
    #[error("there is no such video")]
    NotFound,
    #[error("the video belongs to somebody else")]
    NotOwner,
    /// Votes were cast for it in good faith.
    #[error("the video is published and has votes")]
    HasVotes,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, Error)]
pub enum RetryError {
    #[error("there is no such video")]
    NotFound,
    #[error(transparent)]
    NotFailed(#[from] anb_domain::IllegalTransition),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// A video in whatever state, tombstones included.
    pub async fn video(&self, id: VideoId) -> Result<Option<Video>, StoreError> {
        load(self.db.reader(), id).await
    }

    /// A player's videos, newest first; neither unfinished uploads nor
    /// tombstones.
    pub async fn videos_of(&self, owner: PlayerId) -> Result<Vec<Video>, StoreError> {
        let hidden = [VideoStatus::Uploading, VideoStatus::Deleted].map(VideoStatus::as_str);
        let own = videos::Entity::find()
            .filter(videos::Column::OwnerId.eq(owner.0))
            .filter(videos::Column::Status.is_not_in(hidden))
            .order_by_desc(videos::Column::Id);
        load_all(self.db.reader(), own).await
    }

    /// For operators: the videos in these states, or every video where none is
    /// named; newest first.
    pub async fn videos(
        &self,
        states: impl IntoIterator<Item = VideoStatus>,
        limit: u64,
        skip: u64,
    ) -> Result<Page<Video>, StoreError> {
        let states: Vec<_> = states.into_iter().map(VideoStatus::as_str).collect();
        let states = Some(states).filter(|states| !states.is_empty());
        let matching = videos::Entity::find()
            .apply_if(states, |rows, states| rows.filter(videos::Column::Status.is_in(states)));
        let total = matching.clone().count(self.db.reader()).await?;
        let shown = matching
            .order_by_desc(videos::Column::Id)
            .limit(within_i64(limit))
            .offset(within_i64(skip));
        Ok(Page { items: load_all(self.db.reader(), shown).await?, total })
    }

    /// The tries at a video, first to last.
    pub async fn attempts(&self, id: VideoId) -> Result<Vec<Attempt>, StoreError> {
        let rows = attempts::Entity::find()
            .filter(attempts::Column::VideoId.eq(id.0))
            .order_by_asc(attempts::Column::No)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(Attempt::try_from).collect()
    }

    /// Makes a tombstone of a player's own video; refused once it is
    /// published and has votes. Whether it has is decided in the same
    /// transaction. The objects are purged by the caller or the reconciler.
    pub async fn delete_video(&self, id: VideoId, by: PlayerId) -> Result<(), DeleteVideoError> {
        let txn = self.db.begin().await?;
        let row = lock(&txn, id).await?.ok_or(DeleteVideoError::NotFound)?;
        let status = status_of(&row)?;
        if status == VideoStatus::Deleted {
            return Err(DeleteVideoError::NotFound);
        }
        if row.owner_id != by.0 {
            return Err(DeleteVideoError::NotOwner);
        }
        // Nobody can vote as long as the row is locked.
        if status == VideoStatus::Completed && row.votes > 0 {
            return Err(DeleteVideoError::HasVotes);
        }
        if !self.bury(&txn, &row).await? {
            return Err(DeleteVideoError::NotFound);
        }
        txn.commit().await?;
        Ok(())
    }

    /// An operator's retry: `failed` → `pending` with three new tries and a
    /// new message.
    pub async fn retry_video(&self, id: VideoId, by: &Actor) -> Result<Video, RetryError> {
        let txn = self.db.begin().await?;
        let row = lock(&txn, id).await?.ok_or(RetryError::NotFound)?;
        let update = step_from(&row, Transition::Retry)??.set(videos::ActiveModel {
            tries: Set(0),
            failure: Set(None),
            ..Default::default()
        });
        if !changed(update, &txn).await? {
            return Err(RetryError::NotFound);
        }
        self.post(&txn, id, row.traceparent).await?;
        self.tell(&txn, NewEvent::new(id, Happening::Retried).by(&by.name)).await?;
        let deed = Deed::new(Action::VIDEO_RETRIED, Subject::video(id));
        let deed = deed.before(json!({ "failure": row.failure })).after(json!({ "tries": 0 }));
        self.note(&txn, by, deed).await?;
        let video = load(&txn, id).await?.ok_or(RetryError::NotFound)?;
        txn.commit().await?;
        Ok(video)
    }
}

pub(crate) async fn load(
    db: &impl ConnectionTrait,
    id: VideoId,
) -> Result<Option<Video>, StoreError> {
    let row = with_progress(videos::Entity::find_by_id(id.0)).one(db).await?;
    row.map(Video::try_from).transpose()
}

pub(crate) async fn load_all(
    db: &impl ConnectionTrait,
    rows: Select<videos::Entity>,
) -> Result<Vec<Video>, StoreError> {
    let rows = with_progress(rows).all(db).await?;
    rows.into_iter().map(Video::try_from).collect()
}

fn with_progress(rows: Select<videos::Entity>) -> Selector<SelectModel<VideoRow>> {
    let running = Query::select()
        .column(attempts::Column::Progress)
        .from(attempts::Entity)
        .and_where(
            Expr::col((attempts::Entity, attempts::Column::VideoId))
                .equals((videos::Entity, videos::Column::Id)),
        )
        .and_where(attempts::Column::FinishedAt.is_null())
        .take();
    rows.expr_as(running, "progress").into_model()
}
