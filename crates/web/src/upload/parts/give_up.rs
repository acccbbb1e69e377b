//! Removes an upload in parts that is not to become a video.

use anb_blob::BlobError;
use anb_store::StoreError;
use thiserror::Error;
use tokio::task::JoinError;
use tracing::Instrument as _;

use super::{OpenUpload, finish::is_accepted};
use crate::state::AppState;

#[derive(Debug, Error)]
pub enum GiveUpError {
    /// Another call has completed it meanwhile.
    #[error("the upload is complete")]
    Completed,
    #[error(transparent)]
    Storage(#[from] BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the task that gives the upload up was lost: {0}")]
    Task(#[from] JoinError),
}

/// Removes parts, row and object, in this order: as long as there are parts a
/// row tells of them, and only the row decides whether the object is that of an
/// accepted video.
pub async fn give_up(app: &AppState, upload: OpenUpload) -> Result<(), GiveUpError> {
    let app = app.clone();
    tokio::spawn(async move { remove(&app, &upload).await }.in_current_span()).await?
}

async fn remove(app: &AppState, upload: &OpenUpload) -> Result<(), GiveUpError> {
    let (id, key) = (upload.id(), upload.key(app));
    app.blobs.abort_parts(&key, &upload.token).await?;
    #[cfg(debug_assertions)]
    fail::fail_point!("web::parts::aborted");
    app.store.abandon_upload(id).await?;
    if app.store.video(id).await?.is_some_and(|video| is_accepted(&video)) {
        return Err(GiveUpError::Completed);
    }
    #[cfg(debug_assertions)]
    fail::fail_point!("web::parts::abandoned");
    app.blobs.delete(&key).await?;
    Ok(())
}

/// As [`give_up`], when the caller has something else to tell. What cannot be
/// removed now, the reconciler will.
pub(super) async fn clear(app: &AppState, upload: &OpenUpload) {
    if let Err(error) = remove(app, upload).await {
        tracing::warn!(video_id = %upload.id(), %error, "an upload in parts stays for the reconciler");
    }
}
