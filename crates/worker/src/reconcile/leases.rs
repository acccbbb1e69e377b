//! Attempts whose worker has vanished.

use super::{CheckError, LIMIT, Reconciler, Report};
use anb_domain::VideoStatus;

impl Reconciler {
    /// Ends attempts whose lease has been over for a whole visibility timeout
    /// more. Before that the queue delivers their message again by itself,
    /// and the next claim ends them; if it has not, the message is gone.
    pub(super) async fn end_lost_attempts(&self, report: &mut Report) -> Result<(), CheckError> {
        for lease in self.store.expired_leases(self.ago(self.visibility), LIMIT).await? {
            let Some(status) = self.store.end_lost_attempt(&lease).await? else { continue };
            tracing::debug!(video_id = %lease.video, attempt = lease.attempt.0, "attempt lost");
            report.attempts_lost += 1;
            report.videos_failed += u64::from(status == VideoStatus::Failed);
        }
        Ok(())
    }
}
