//! Objects of attempts that ended without being published.

use super::{CheckError, LIMIT, Reconciler, Report, Stumbles};
use crate::crash::CrashPoint;

impl Reconciler {
    /// Removes them. A worker that was thought dead may still be writing; the
    /// sweep finds what it adds.
    pub(super) async fn purge_ended_attempts(&self, report: &mut Report) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        for (id, video, attempt) in self.store.unpurged_attempts(LIMIT).await? {
            let emptied = self.empty(&self.layout.attempt_prefix(video, attempt)).await;
            if stumbles.over(emptied) == Some(true) {
                CrashPoint::AttemptEmptied.reach().await;
                self.store.attempt_purged(id).await?;
                tracing::debug!(video_id = %video, attempt = attempt.0, "attempt purged");
                report.attempts_purged += 1;
            }
        }
        stumbles.finish()
    }
}
