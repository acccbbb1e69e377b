//! Objects of deleted videos.

use anb_blob::BlobError;
use anb_domain::VideoId;

use super::{CheckError, LIMIT, Reconciler, Report, Stumbles};
use crate::crash::CrashPoint;

impl Reconciler {
    /// Removes the original, or its parts, and every result. A worker that is still busy
    /// with the video notices at its next heartbeat and removes its own.
    pub(super) async fn purge_tombstones(&self, report: &mut Report) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        for video in self.store.unpurged_tombstones(LIMIT).await? {
            let token = self.store.staged_parts(video).await?;
            if stumbles.over(self.purge(video, token).await) == Some(true) {
                CrashPoint::TombstoneEmptied.reach().await;
                self.store.tombstone_purged(video).await?;
                tracing::debug!(video_id = %video, "tombstone purged");
                report.tombstones_purged += 1;
            }
        }
        stumbles.finish()
    }

    async fn purge(&self, video: VideoId, token: Option<String>) -> Result<bool, BlobError> {
        let original = self.layout.original(video);
        self.abort_parts(video, token).await?;
        self.blobs.delete(&original).await?;
        let results_gone = self.empty(&self.layout.results_prefix(video)).await?;
        Ok(results_gone && !self.exists(&original).await?)
    }

    pub(super) async fn exists(&self, key: &str) -> Result<bool, BlobError> {
        match self.blobs.head(key).await {
            Ok(_) => Ok(true),
            Err(BlobError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
