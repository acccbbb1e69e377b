//! Makes an object of the parts, and a video of the object.

use anb_blob::BlobError;
use anb_domain::VideoStatus;
use anb_store::{StoreError, UploadedOriginal, Video};
use bytes::BytesMut;
use futures::TryStreamExt as _;
use thiserror::Error;
use tokio::task::JoinError;
use tracing::Instrument as _;

use super::{Arrived, OpenUpload, give_up::clear};
use crate::{
    measure::{self, Way},
    state::AppState,
    upload::sniff::{Container, HEAD_BYTES, sniff},
};

#[derive(Debug, Error)]
pub enum FinishError {
    #[error("{} parts have not arrived", .0.len())]
    Missing(Vec<u32>),
    #[error("the file is no video")]
    NotAVideo,
    /// It was given up, or has expired.
    #[error("the upload is no longer open")]
    Gone,
    #[error("storage has {stored} bytes of {sent}")]
    Mismatch { sent: u64, stored: u64 },
    #[error(transparent)]
    Storage(BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the task that finishes the upload was lost: {0}")]
    Task(#[from] JoinError),
}

impl From<BlobError> for FinishError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotFound(_) => Self::Gone,
            BlobError::MissingPart(number) => Self::Missing(vec![number]),
            error => Self::Storage(error),
        }
    }
}

/// Joins the parts, verifies size and kind of the object, and makes the row
/// `pending`. May be called again after any death in between, and several
/// times at once: one of the calls accepts the video, the others find it
/// accepted.
pub async fn finish(
    app: &AppState,
    upload: OpenUpload,
    traceparent: String,
) -> Result<Video, FinishError> {
    let work = Finish { app: app.clone(), key: upload.key(app), upload };
    tokio::spawn(async move { work.run(traceparent).await }.in_current_span()).await?
}

struct Finish {
    app: AppState,
    key: String,
    upload: OpenUpload,
}

impl Finish {
    async fn run(&self, traceparent: String) -> Result<Video, FinishError> {
        self.join().await?;
        #[cfg(debug_assertions)]
        fail::fail_point!("web::parts::joined");
        let container = match self.verify().await {
            Err(error @ (FinishError::NotAVideo | FinishError::Mismatch { .. })) => {
                clear(&self.app, &self.upload).await;
                return Err(error);
            }
            verified => verified?,
        };
        self.accept(container, traceparent).await
    }

    /// Does nothing when that was done before.
    async fn join(&self) -> Result<(), FinishError> {
        let parts = match self.upload.arrived(&self.app).await? {
            Arrived::Parts(parts) => parts,
            Arrived::Joined => return Ok(()),
            Arrived::Nothing => return Err(FinishError::Gone),
        };
        let missing = self.upload.plan().missing(&parts);
        if !missing.is_empty() {
            return Err(FinishError::Missing(missing));
        }
        match self.app.blobs.complete_parts(&self.key, &self.upload.token).await {
            // Another call was faster, or has given it up: the object tells.
            Ok(()) | Err(BlobError::NotFound(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the object is what was announced, and can hold a video.
    async fn verify(&self) -> Result<Container, FinishError> {
        let sent = self.upload.row.size_bytes;
        let stored = self.app.blobs.head(&self.key).await?.size;
        if stored != sent {
            return Err(FinishError::Mismatch { sent, stored });
        }
        let beginning = self.app.blobs.get(&self.key, Some(0..HEAD_BYTES as u64)).await?;
        let mut stream = beginning.stream;
        let mut head = BytesMut::with_capacity(HEAD_BYTES);
        while let Some(piece) = stream.try_next().await? {
            head.extend_from_slice(&piece);
        }
        sniff(&head).ok_or(FinishError::NotAVideo)
    }

    async fn accept(
        &self,
        container: Container,
        traceparent: String,
    ) -> Result<Video, FinishError> {
        let id = self.upload.id();
        let original = UploadedOriginal {
            title: self.upload.row.title.clone(),
            category: self.upload.row.category.clone(),
            size_bytes: self.upload.row.size_bytes,
            sha256: None,
            content_type: container.content_type.to_owned(),
            traceparent: Some(traceparent),
        };
        if let Some(video) = self.app.store.complete_upload(id, original).await? {
            self.app.outbox_wake.notify_one();
            measure::accepted(Way::Parts, self.upload.row.size_bytes);
            #[cfg(debug_assertions)]
            fail::fail_point!("web::parts::completed");
            return Ok(video);
        }
        let video = self.app.store.video(id).await?;
        if let Some(video) = video.filter(is_accepted) {
            return Ok(video);
        }
        // Given up after it was joined: whoever did so may have looked for the
        // object before it was there.
        clear(&self.app, &self.upload).await;
        Err(FinishError::Gone)
    }
}

/// Whether the upload of this video has succeeded, whatever came later.
pub(super) fn is_accepted(video: &Video) -> bool {
    !matches!(video.status, VideoStatus::Uploading | VideoStatus::Deleted)
}
