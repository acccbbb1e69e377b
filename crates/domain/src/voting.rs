//! Who may vote for what, and when.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{contest::Window, ids::PlayerId};

/// When votes are taken (settings `showcase.voting.*`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VotingWindow {
    /// Votes count from this moment on (RFC 3339); always, when absent.
    pub opens_at: Option<DateTime<Utc>>,
    /// No votes are taken or withdrawn from this moment on (RFC 3339); never
    /// closes, when absent.
    pub closes_at: Option<DateTime<Utc>>,
}

/// Why a vote is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VoteRefused {
    #[error("voting is closed")]
    Closed,
    #[error("players cannot vote for their own video")]
    OwnVideo,
}

impl VotingWindow {
    #[must_use]
    pub fn window(&self) -> Window {
        Window { opens_at: self.opens_at, closes_at: self.closes_at }
    }

    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.window().is_open(now)
    }

    /// Checks whether `voter` may vote for a video of `owner` at `now`.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn check(
        &self,
        voter: PlayerId,
        owner: PlayerId,
        now: DateTime<Utc>,
    ) -> Result<(), VoteRefused> {
        if !self.is_open(now) {
            return Err(VoteRefused::Closed);
        }
        if voter == owner {
            return Err(VoteRefused::OwnVideo);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-05-01T{hour:02}:00:00Z").parse().unwrap()
    }

    const ANA: PlayerId = PlayerId(Uuid::from_u128(1));
    const LUIS: PlayerId = PlayerId(Uuid::from_u128(2));

    #[test]
    fn votes_count_from_the_opening_until_just_before_the_close() {
        let window = VotingWindow { opens_at: Some(at(9)), closes_at: Some(at(18)) };
        assert_eq!(window.check(ANA, LUIS, at(8)), Err(VoteRefused::Closed));
        assert_eq!(window.check(ANA, LUIS, at(9)), Ok(()));
        assert_eq!(window.check(ANA, LUIS, at(18)), Err(VoteRefused::Closed));
    }

    #[test]
    fn nobody_votes_for_themselves() {
        assert_eq!(VotingWindow::default().check(ANA, ANA, at(9)), Err(VoteRefused::OwnVideo));
    }
}
