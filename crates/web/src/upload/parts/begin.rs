//! Opens an upload in parts.

use std::time::Duration;

use anb_blob::{BlobError, UploadToken};
use anb_domain::{PlayerId, Title, VideoId};
use anb_store::{BeginPartsError, NewPartUpload, StoreError};
use thiserror::Error;
use tokio::task::JoinError;
use tracing::Instrument as _;

use super::{OpenUpload, Plan};
use crate::state::AppState;

/// What a player wants to upload.
#[derive(Debug, Clone)]
pub struct NewFile {
    pub owner: PlayerId,
    pub title: Title,
    pub category: Option<String>,
    pub size_bytes: u64,
    /// As the client names it: what it really is shows at the end.
    pub content_type: String,
}

#[derive(Debug, Error)]
pub enum BeginError {
    #[error("the player has {0} uploads open")]
    TooManyOpen(u64),
    /// Its player was deleted in this moment.
    #[error("the upload is no longer open")]
    Gone,
    #[error(transparent)]
    Storage(BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the task that begins the upload was lost: {0}")]
    Task(#[from] JoinError),
}

impl From<BeginPartsError> for BeginError {
    fn from(error: BeginPartsError) -> Self {
        match error {
            BeginPartsError::TooManyOpen(open) => Self::TooManyOpen(open),
            BeginPartsError::Store(error) => error.into(),
        }
    }
}

/// Writes the row, has storage begin, and notes what storage calls it, in this
/// order. Dying after the first leaves a row to the reconciler; dying after the
/// second also an upload in storage that nobody knows, which goes with what is
/// staged there for too long.
pub async fn begin(app: &AppState, file: NewFile) -> Result<OpenUpload, BeginError> {
    let work = Begin { app: app.clone() };
    tokio::spawn(async move { work.run(file).await }.in_current_span()).await?
}

struct Begin {
    app: AppState,
}

impl Begin {
    async fn run(&self, file: NewFile) -> Result<OpenUpload, BeginError> {
        let content_type = file.content_type.clone();
        let id = self.write_row(file).await?;
        #[cfg(debug_assertions)]
        fail::fail_point!("web::parts::row_written");
        let key = self.app.layout.original(id);
        let token = match self.app.blobs.begin_parts(&key, &content_type).await {
            Ok(token) => token,
            Err(error) => {
                self.undo(id, None).await;
                return Err(BeginError::Storage(error));
            }
        };
        #[cfg(debug_assertions)]
        fail::fail_point!("web::parts::begun");
        let noted = self.note(id, &token).await;
        if noted.is_err() {
            self.undo(id, Some(&token)).await;
        }
        noted
    }

    async fn write_row(&self, file: NewFile) -> Result<VideoId, BeginError> {
        let settings = &self.app.settings;
        let plan = Plan::new(file.size_bytes, settings.web.upload_part_bytes);
        let upload = NewPartUpload {
            owner: file.owner,
            expires_at: self.app.now() + Duration::from_secs(settings.worker.upload_ttl_s),
            title: file.title,
            category: file.category,
            size_bytes: file.size_bytes,
            part_size_bytes: plan.part_size(),
        };
        let id = self.app.store.begin_part_upload(upload, settings.web.max_open_uploads).await?;
        tracing::Span::current().record("video_id", tracing::field::display(id));
        Ok(id)
    }

    async fn note(&self, id: VideoId, token: &UploadToken) -> Result<OpenUpload, BeginError> {
        let store = &self.app.store;
        if !store.part_upload_begun(id, &token.0).await? {
            return Err(BeginError::Gone);
        }
        let row = store.part_upload(id).await?.ok_or(BeginError::Gone)?;
        OpenUpload::new(row).ok_or(BeginError::Gone)
    }

    /// The player is told that nothing has begun, so nothing of it stays.
    async fn undo(&self, id: VideoId, token: Option<&UploadToken>) {
        let key = self.app.layout.original(id);
        if let Some(token) = token
            && let Err(error) = self.app.blobs.abort_parts(&key, token).await
        {
            tracing::warn!(video_id = %id, %error, "an upload in parts stays for the reconciler");
        }
        if let Err(error) = self.app.store.abandon_upload(id).await {
            tracing::warn!(video_id = %id, %error, "an upload in parts stays for the reconciler");
        }
    }
}
