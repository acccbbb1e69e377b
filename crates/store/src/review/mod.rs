//! The review of votes: what is suspected, and what somebody has decided about
//! it. The rules themselves are [`anb_domain::vote_review`]'s.
//!
//! Whoever needs more than one lock here takes them in this order: players,
//! videos, votes, flags, members.

mod decide;
mod detect;
mod footprints;
mod list;

use std::collections::BTreeMap;

use anb_domain::{
    PlayerId, VideoId,
    vote_review::{FlagKind, FlagState, VoteKey},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, Query, SelectStatement},
};

use crate::entity::{vote_flag_members, votes};

pub use decide::{Judged, Ruling};
pub use detect::Reviewed;
pub(crate) use footprints::forget_suspect;

/// Far below the number of parameters that either database takes.
const IDS_PER_STATEMENT: usize = 500;

/// A suspicion about votes, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteFlag {
    pub id: Uuid,
    pub kind: FlagKind,
    pub state: FlagState,
    /// The video that the votes are for; none where one account is suspected.
    pub video: Option<FlaggedVideo>,
    /// The account that is suspected, with its name.
    pub voter: Option<(PlayerId, String)>,
    /// Keyed hashes.
    pub network: Option<String>,
    pub device: Option<String>,
    /// Percent of what it takes to be flagged.
    pub score: u32,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub found_at: DateTime<Utc>,
    /// How many votes there are, and how many of them count.
    pub votes: u64,
    pub counting: u64,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedVideo {
    pub id: VideoId,
    pub title: String,
    /// Its votes that count.
    pub total: u64,
}

/// A vote as it is reviewed. Of the voter's address only what is behind the @.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedVote {
    pub video: VideoId,
    pub title: String,
    pub voter: PlayerId,
    pub voter_name: String,
    pub mail_domain: String,
    pub voter_since: DateTime<Utc>,
    pub cast_at: DateTime<Utc>,
    /// Keyed hashes.
    pub network: Option<String>,
    pub device: Option<String>,
    pub struck_at: Option<DateTime<Utc>>,
    pub struck_reason: Option<String>,
}

/// The voters of each video among these votes, in the order in which rows are
/// locked.
fn by_video(votes: &[VoteKey]) -> BTreeMap<VideoId, Vec<PlayerId>> {
    let mut grouped = BTreeMap::<_, Vec<_>>::new();
    for (video, voter) in votes {
        grouped.entry(*video).or_default().push(*voter);
    }
    grouped
}

/// These voters' votes for a video.
fn votes_by(video: VideoId, voters: &[PlayerId]) -> Condition {
    Condition::all()
        .add(votes::Column::VideoId.eq(video.0))
        .add(votes::Column::PlayerId.is_in(voters.iter().map(|voter| voter.0)))
}

/// How many votes are under a suspicion.
fn members_of(flag: impl Into<Expr>, counting_only: bool) -> SelectStatement {
    let member = |column| Expr::col((vote_flag_members::Entity, column));
    let vote = |column| Expr::col((votes::Entity, column));
    let mut counted = Query::select();
    counted
        .expr(Expr::cust("COUNT(*)"))
        .from(vote_flag_members::Entity)
        .inner_join(
            votes::Entity,
            vote(votes::Column::VideoId)
                .eq(member(vote_flag_members::Column::VideoId))
                .and(vote(votes::Column::PlayerId).eq(member(vote_flag_members::Column::PlayerId))),
        )
        .and_where(member(vote_flag_members::Column::FlagId).eq(flag.into()));
    if counting_only {
        counted.and_where(vote(votes::Column::StruckAt).is_null());
    }
    counted
}
