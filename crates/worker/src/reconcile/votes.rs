//! Votes that were cast since the last round are held against the rules.

use super::{CheckError, Reconciler, Report};

/// Votes looked at in one go, and how often in one round: what is left waits
/// for the next.
const VOTES: u64 = 500;
const BATCHES: usize = 4;

impl Reconciler {
    /// Flags what somebody should look at. Never strikes or hides a vote.
    pub(super) async fn review_votes(&self, report: &mut Report) -> Result<(), CheckError> {
        for _ in 0..BATCHES {
            let done = self.store.review_votes(&self.vote_review, VOTES).await?;
            report.votes_flagged += done.flagged;
            if done.votes < VOTES {
                break;
            }
        }
        Ok(())
    }

    /// Removes hashes of networks and devices whose time is over.
    pub(super) async fn forget_footprints(&self, report: &mut Report) -> Result<(), CheckError> {
        let before = self.clock.now() - self.vote_review.keep_hashes();
        report.footprints_forgotten += self.store.forget_footprints(before).await?;
        Ok(())
    }
}
