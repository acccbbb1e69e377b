//! Uploads that nobody finished.

use anb_blob::{BlobError, UploadToken};
use anb_domain::VideoId;

use super::{CheckError, LIMIT, Reconciler, Report, Stumbles};
use crate::crash::CrashPoint;

impl Reconciler {
    /// Gives up uploads that have expired. The parts go first, because only
    /// the row knows of them. Then the row, before the object: only the row
    /// settles whether the upload was completed after all, and the original
    /// of a completed one must survive. A crash in between leaves an object
    /// without a row to the sweep.
    pub(super) async fn give_up_expired_uploads(
        &self,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        for video in self.store.expired_uploads(LIMIT).await? {
            let token = self.store.staged_parts(video).await?;
            if stumbles.over(self.abort_parts(video, token).await).is_none() {
                continue;
            }
            CrashPoint::PartsAborted.reach().await;
            self.store.abandon_upload(video).await?;
            if self.store.video(video).await?.is_some() {
                continue;
            }
            CrashPoint::UploadAbandoned.reach().await;
            stumbles.over(self.blobs.delete(&self.layout.original(video)).await);
            tracing::debug!(video_id = %video, "expired upload given up");
            report.uploads_expired += 1;
        }
        let staged = self.blobs.purge_staged(self.ago(self.upload_ttl)).await;
        report.staged_removed += stumbles.over(staged).unwrap_or_default();
        stumbles.finish()
    }

    /// Removes the parts that storage holds of an upload which has become
    /// nothing; does nothing if they have become an object.
    pub(super) async fn abort_parts(
        &self,
        video: VideoId,
        token: Option<String>,
    ) -> Result<(), BlobError> {
        match token {
            Some(token) => {
                self.blobs.abort_parts(&self.layout.original(video), &UploadToken(token)).await
            }
            None => Ok(()),
        }
    }
}
