//! An upload that is not finished: a row `uploading`, perhaps its object. It
//! leaves nothing behind unless it is completed.

use std::time::Duration;

use anb_domain::{PlayerId, VideoId};
use anb_store::{NewUpload, StoreError, UploadedOriginal, Video};
use tokio::runtime::Handle;
use tracing::Instrument as _;

use super::UploadError;
use crate::{
    measure::{self, Way},
    state::AppState,
};

/// Cleans up after itself when dropped: a client that goes away drops the
/// request, and this with it. What a killed process leaves is the
/// reconciler's.
pub struct Draft {
    app: AppState,
    id: VideoId,
    open: bool,
}

impl Draft {
    /// Writes the row. In a task of its own: if the request is dropped before
    /// the answer of the database is here, the row still finds somebody who
    /// removes it.
    pub async fn begin(app: &AppState, owner: PlayerId) -> Result<Self, UploadError> {
        let app = app.clone();
        let begun = tokio::spawn(async move {
            let expires_at = app.now() + Duration::from_secs(app.settings.worker.upload_ttl_s);
            let id = app.store.begin_upload(NewUpload { owner, expires_at }).await?;
            Ok::<_, StoreError>(Self { app, id, open: true })
        });
        Ok(begun.await??)
    }

    #[must_use]
    pub fn id(&self) -> VideoId {
        self.id
    }

    /// Where its object goes.
    #[must_use]
    pub fn key(&self) -> String {
        self.app.layout.original(self.id)
    }

    /// Verifies what storage holds, makes the row `pending` and wakes the
    /// relay. In a task of its own: past this point nobody may delete an
    /// object whose row might just have been committed.
    pub async fn complete(self, original: UploadedOriginal) -> Result<Video, UploadError> {
        tokio::spawn(self.verify_and_commit(original).in_current_span()).await?
    }

    async fn verify_and_commit(mut self, original: UploadedOriginal) -> Result<Video, UploadError> {
        let sent = original.size_bytes;
        let stored = self.app.blobs.head(&self.key()).await.map_err(UploadError::Storage)?.size;
        if stored != sent {
            self.discard().await;
            return Err(UploadError::Mismatch { sent, stored });
        }
        // An error here may come after the commit: the draft stays as it is,
        // and the reconciler sees which of the two it was.
        self.open = false;
        let Some(video) = self.app.store.complete_upload(self.id, original).await? else {
            self.open = true;
            self.discard().await;
            return Err(UploadError::Expired);
        };
        self.app.outbox_wake.notify_one();
        measure::accepted(Way::Form, sent);
        #[cfg(debug_assertions)]
        fail::fail_point!("web::upload::completed");
        Ok(video)
    }

    /// Removes everything, and returns when it is gone.
    pub async fn discard(mut self) {
        self.open = false;
        let cleared = tokio::spawn(clear(self.app.clone(), self.id)).await;
        if let Err(error) = cleared {
            tracing::warn!(video_id = %self.id, %error, "clearing an upload was interrupted");
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let (true, Ok(runtime)) = (self.open, Handle::try_current()) {
            runtime.spawn(clear(self.app.clone(), self.id));
        }
    }
}

/// The object first: no object without a row.
async fn clear(app: AppState, id: VideoId) {
    if let Err(error) = app.blobs.delete(&app.layout.original(id)).await {
        tracing::warn!(video_id = %id, %error, "an unfinished upload stays for the reconciler");
        return;
    }
    if let Err(error) = app.store.abandon_upload(id).await {
        tracing::warn!(video_id = %id, %error, "an unfinished upload stays for the reconciler");
    }
}
