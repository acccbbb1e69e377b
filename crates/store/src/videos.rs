//! Videos as their owners and operators see them.

use anb_domain::{AttemptId, AttemptNo, Failure, PlayerId, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{Page, Store, StoreError, lifecycle::StepTiming};

/// A video's row.
#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    pub id: VideoId,
    pub owner: PlayerId,
    /// Empty while `uploading`.
    pub title: String,
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
        todo!()
    }

    /// A player's videos, newest first; neither unfinished uploads nor
    /// tombstones.
    pub async fn videos_of(&self, owner: PlayerId) -> Result<Vec<Video>, StoreError> {
        todo!()
    }

    /// For operators: every video, or those in `status`; newest first.
    pub async fn videos(
        &self,
        status: Option<VideoStatus>,
        limit: u64,
        skip: u64,
    ) -> Result<Page<Video>, StoreError> {
        todo!()
    }

    /// The tries at a video, first to last.
    pub async fn attempts(&self, id: VideoId) -> Result<Vec<Attempt>, StoreError> {
        todo!()
    }

    /// Makes a tombstone of a player's own video; refused once it is
    /// published and has votes. Whether it has is decided in the same
    /// transaction. The objects are purged by the caller or the reconciler.
    pub async fn delete_video(&self, id: VideoId, by: PlayerId) -> Result<(), DeleteVideoError> {
        todo!()
    }

    /// An operator's retry: `failed` → `pending` with three new tries and a
    /// new message.
    pub async fn retry_video(&self, id: VideoId) -> Result<Video, RetryError> {
        todo!()
    }
}
