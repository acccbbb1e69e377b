//! Objects of attempts that ended without being published, and of those whose
//! result was replaced.

use super::{CheckError, LIMIT, Reconciler, Report, Stumbles};
use crate::crash::CrashPoint;

impl Reconciler {
    /// Removes them. A worker that was thought dead may still be writing; the
    /// sweep finds what it adds.
    pub(super) async fn purge_ended_attempts(&self, report: &mut Report) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        let mut ended = self.store.unpurged_attempts(LIMIT).await?;
        // Whoever was given a link may still be watching.
        ended.extend(self.store.replaced_attempts(self.ago(self.link_ttl), LIMIT).await?);
        for (id, video, attempt) in ended {
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
