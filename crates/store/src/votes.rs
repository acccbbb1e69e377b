//! One vote per player and video, by a unique key; the total changes in the
//! transaction that changes the vote.

use anb_domain::{
    PlayerId, VideoId,
    vote_review::Footprint,
    voting::{VoteRefused, VotingWindow},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, TryInsertResult,
    sea_query::{Expr, ExprTrait as _},
};
use thiserror::Error;

use crate::{
    Store, StoreError,
    entity::{videos, votes},
    players::keep_player,
    public::{is_published, published},
    row::count,
    step::changed,
};

/// A video's votes after a vote was cast or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoteTotal(pub u64);

/// How a player's vote for a video stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ballot {
    NotCast,
    Counts,
    /// It was struck after a review: it does not count, and remains this
    /// player's one vote.
    Struck,
}

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
    /// It neither counts nor can it be withdrawn, so that nobody casts it anew.
    #[error("this player's vote for this video was struck")]
    Struck,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    pub async fn cast_vote(
        &self,
        video: VideoId,
        voter: PlayerId,
        window: &VotingWindow,
        from: &Footprint,
    ) -> Result<VoteTotal, VoteError> {
        let now = self.now();
        let txn = self.db.begin().await?;
        // The player first, then the video: the order in which an account is
        // deleted. One that is gone meanwhile sees nothing.
        if !keep_player(&txn, voter).await? {
            return Err(VoteError::NotFound);
        }
        let row = lock_published(&txn, video).await?;
        window.check(voter, PlayerId(row.owner_id), now)?;
        let vote = votes::ActiveModel {
            video_id: Set(video.0),
            player_id: Set(voter.0),
            created_at: Set(now),
            network: Set(from.network.clone()),
            device: Set(from.device.clone()),
            ..Default::default()
        };
        let inserted = votes::Entity::insert(vote)
            .on_conflict_do_nothing_on([votes::Column::VideoId, votes::Column::PlayerId])
            .exec_without_returning(&txn)
            .await?;
        if !matches!(inserted, TryInsertResult::Inserted(1)) {
            return Err(match ballot_of(&txn, video, voter).await? {
                Ballot::Struck => VoteError::Struck,
                Ballot::Counts | Ballot::NotCast => VoteError::AlreadyVoted,
            });
        }
        let total = add(&txn, &row, 1).await?;
        txn.commit().await?;
        Ok(total)
    }

    pub async fn withdraw_vote(
        &self,
        video: VideoId,
        voter: PlayerId,
        window: &VotingWindow,
    ) -> Result<VoteTotal, VoteError> {
        let txn = self.db.begin().await?;
        let row = lock_published(&txn, video).await?;
        if !window.is_open(self.now()) {
            return Err(VoteRefused::Closed.into());
        }
        // The row is locked: nobody strikes the vote meanwhile.
        match ballot_of(&txn, video, voter).await? {
            Ballot::Counts => votes::Entity::delete_by_id((video.0, voter.0)).exec(&txn).await?,
            Ballot::Struck => return Err(VoteError::Struck),
            Ballot::NotCast => return Err(VoteError::NotVoted),
        };
        let total = add(&txn, &row, -1).await?;
        txn.commit().await?;
        Ok(total)
    }

    /// How this player's vote stands, and the total; `None` if no published
    /// video has this id.
    pub async fn vote_status(
        &self,
        video: VideoId,
        voter: PlayerId,
    ) -> Result<Option<(Ballot, VoteTotal)>, StoreError> {
        // One statement, so that the answer is of one moment.
        let cast = votes::Entity::find_by_id((video.0, voter.0)).into_query();
        let counts = cast.clone().and_where(votes::Column::StruckAt.is_null()).take();
        let found: Option<(i64, bool, bool)> = published()
            .filter(videos::Column::Id.eq(video.0))
            .select_only()
            .column(videos::Column::Votes)
            .expr_as(Expr::exists(cast), "cast")
            .expr_as(Expr::exists(counts), "counts")
            .into_tuple()
            .one(self.db.reader())
            .await?;
        found
            .map(|(votes, cast, counts)| {
                Ok((Ballot::of(cast, counts), VoteTotal(count("videos", "votes", votes)?)))
            })
            .transpose()
    }
}

impl Ballot {
    fn of(cast: bool, counts: bool) -> Self {
        match (cast, counts) {
            (_, true) => Self::Counts,
            (true, false) => Self::Struck,
            (false, false) => Self::NotCast,
        }
    }
}

async fn ballot_of(
    txn: &DatabaseTransaction,
    video: VideoId,
    voter: PlayerId,
) -> Result<Ballot, StoreError> {
    let vote = votes::Entity::find_by_id((video.0, voter.0)).one(txn).await?;
    let counts = vote.as_ref().is_some_and(|vote| vote.struck_at.is_none());
    Ok(Ballot::of(vote.is_some(), counts))
}

async fn lock_published(
    txn: &DatabaseTransaction,
    video: VideoId,
) -> Result<videos::Model, VoteError> {
    let found = published().filter(videos::Column::Id.eq(video.0)).lock_exclusive().one(txn);
    found.await?.ok_or(VoteError::NotFound)
}

/// Adds to the total of a published video whose row is locked.
async fn add(
    txn: &DatabaseTransaction,
    row: &videos::Model,
    votes: i64,
) -> Result<VoteTotal, VoteError> {
    let update = videos::Entity::update_many()
        .col_expr(videos::Column::Votes, Expr::col(videos::Column::Votes).add(votes))
        .filter(videos::Column::Id.eq(row.id))
        .filter(is_published());
    if !changed(update, txn).await? {
        return Err(VoteError::NotFound);
    }
    Ok(VoteTotal(count("videos", "votes", row.votes + votes)?))
}
