//! From the first byte to `pending`.

use anb_domain::{PlayerId, Title, VideoId};
use chrono::{DateTime, Utc};

use crate::{Store, StoreError, Video};

/// An upload about to begin.
#[derive(Debug, Clone)]
pub struct NewUpload {
    pub owner: PlayerId,
    /// After this moment an unfinished upload is purged.
    pub expires_at: DateTime<Utc>,
}

/// What has arrived.
#[derive(Debug, Clone)]
pub struct UploadedOriginal {
    pub title: Title,
    pub size_bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub content_type: String,
    /// Of the request that finished the upload; travels with the job.
    pub traceparent: Option<String>,
}

impl Store {
    /// Writes the row `uploading`, before the first byte reaches storage: no
    /// object without a row.
    pub async fn begin_upload(&self, new: NewUpload) -> Result<VideoId, StoreError> {
        todo!()
    }

    /// `uploading` → `pending`, and the outbox entry in the same transaction.
    /// `None` if the upload is no longer `uploading` (expired, finished,
    /// owner deleted).
    pub async fn complete_upload(
        &self,
        id: VideoId,
        original: UploadedOriginal,
    ) -> Result<Option<Video>, StoreError> {
        todo!()
    }

    /// Removes the row of an upload that was refused or cut off, once its
    /// object is gone. Does nothing to a video in any other state.
    pub async fn abandon_upload(&self, id: VideoId) -> Result<(), StoreError> {
        todo!()
    }
}
