//! One vote per player and video, by a unique key; the total changes in the
//! transaction that changes the vote.

use anb_domain::{
    PlayerId, VideoId,
    voting::{VoteRefused, VotingWindow},
};
use thiserror::Error;

use crate::{Store, StoreError};

/// A video's votes after a vote was cast or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoteTotal(pub u64);

#[derive(Debug, Error)]
pub enum VoteError {
    /// No published video has this id.
    #[error("there is no such video")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] VoteRefused),
    #[error("this player has voted for this video before")]
    AlreadyVoted,
    #[error("this player has not voted for this video")]
    NotVoted,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    pub async fn cast_vote(
        &self,
        video: VideoId,
        voter: PlayerId,
        window: &VotingWindow,
    ) -> Result<VoteTotal, VoteError> {
        todo!()
    }

    pub async fn withdraw_vote(
        &self,
        video: VideoId,
        voter: PlayerId,
        window: &VotingWindow,
    ) -> Result<VoteTotal, VoteError> {
        todo!()
    }

    /// Whether this player has voted, and the total; `None` if no published
    /// video has this id.
    pub async fn vote_status(
        &self,
        video: VideoId,
        voter: PlayerId,
    ) -> Result<Option<(bool, VoteTotal)>, StoreError> {
        todo!()
    }
}
