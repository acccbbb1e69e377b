//! Uploads that nobody finished.

use super::{CheckError, LIMIT, Reconciler, Report, Stumbles};
use crate::crash::CrashPoint;

impl Reconciler {
    /// Gives up uploads that have expired. The row goes first: only that
    /// settles whether the upload was completed after all, and the original
    /// of a completed one must survive. A crash in between leaves an object
    /// without a row to the sweep.
    pub(super) async fn give_up_expired_uploads(
        &self,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        for video in self.store.expired_uploads(LIMIT).await? {
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
}
