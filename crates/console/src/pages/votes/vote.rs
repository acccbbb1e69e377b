//! A vote in a table.

use anb_store::ReviewedVote;

use super::short;

pub struct Row {
    pub vote: ReviewedVote,
    /// By which a form names it.
    pub key: String,
    pub network: String,
    pub device: String,
}

impl From<ReviewedVote> for Row {
    fn from(vote: ReviewedVote) -> Self {
        Self {
            key: format!("{}.{}", vote.video.0.simple(), vote.voter.0.simple()),
            network: short(vote.network.as_ref()),
            device: short(vote.device.as_ref()),
            vote,
        }
    }
}
