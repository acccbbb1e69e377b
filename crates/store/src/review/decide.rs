//! What people decide about votes. Totals follow in the same transaction, and
//! the audit log with them.

use std::collections::BTreeMap;

use anb_domain::{
    Action, PlayerId, Subject, VideoId,
    vote_review::{FlagState, VoteKey},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
    prelude::{Json, Uuid},
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{IDS_PER_STATEMENT, by_video, detect::counting_members, votes_by};
use crate::{
    Actor, Deed, Store, StoreError,
    entity::{videos, vote_flag_members, vote_flags, votes},
    row::{count, name},
};

/// What is to become of votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// They no longer count; the rows stay.
    Strike,
    /// They count again.
    Restore,
}

/// What a decision has changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// Votes that count now and did not before, or the other way round.
    pub votes: u64,
    /// The totals of their videos.
    pub before: BTreeMap<VideoId, u64>,
    pub after: BTreeMap<VideoId, u64>,
}

impl Store {
    /// Strikes or restores these votes, in answer to a suspicion or not. Votes
    /// that are gone, or are already as they should be, are left out.
    pub async fn judge_votes(
        &self,
        actor: &Actor,
        ruling: Ruling,
        keys: &[VoteKey],
        flag: Option<Uuid>,
        reason: &str,
    ) -> Result<Judged, StoreError> {
        let voters = by_video(keys);
        let ids: Vec<Uuid> = voters.keys().map(|video| video.0).collect();
        let txn = self.db.begin().await?;
        let mut judged = Judged { before: totals(&txn, &ids).await?, ..Judged::default() };
        for (video, voters) in &voters {
            for voters in voters.chunks(IDS_PER_STATEMENT) {
                judged.votes +=
                    self.set_struck(&txn, actor, ruling, (*video, voters), reason).await?;
            }
        }
        recount(&txn, &ids).await?;
        judged.after = totals(&txn, &ids).await?;
        // What changes nothing is no decision, and leaves the last one as it is.
        let changes = judged.votes > 0 || is_open(&txn, flag).await?;
        if let Some(flag) = flag.filter(|_| changes) {
            let state = self.state_after(&txn, flag, ruling).await?;
            self.settle(&txn, actor, flag, state, reason).await?;
        }
        if changes {
            self.note(&txn, actor, deed(ruling, flag, &judged, reason)).await?;
        }
        txn.commit().await?;
        Ok(judged)
    }

    /// As [`Self::judge_votes`], of every vote under a suspicion. `None`: there
    /// is no such suspicion.
    pub async fn judge_flag(
        &self,
        actor: &Actor,
        ruling: Ruling,
        flag: Uuid,
        reason: &str,
    ) -> Result<Option<Judged>, StoreError> {
        if vote_flags::Entity::find_by_id(flag).one(self.db.reader()).await?.is_none() {
            return Ok(None);
        }
        let keys: Vec<(Uuid, Uuid)> = vote_flag_members::Entity::find()
            .select_only()
            .columns([vote_flag_members::Column::VideoId, vote_flag_members::Column::PlayerId])
            .filter(vote_flag_members::Column::FlagId.eq(flag))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        let keys: Vec<_> =
            keys.into_iter().map(|(video, voter)| (VideoId(video), PlayerId(voter))).collect();
        self.judge_votes(actor, ruling, &keys, Some(flag), reason).await.map(Some)
    }

    /// Nothing is wrong with these votes. `false`: there is no such suspicion,
    /// or it is not open.
    pub async fn dismiss_flag(
        &self,
        actor: &Actor,
        flag: Uuid,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let row = vote_flags::Entity::find_by_id(flag).lock_exclusive().one(&txn).await?;
        let open = FlagState::Open.as_str();
        if row.is_none_or(|row| row.state != open) {
            return Ok(false);
        }
        self.settle(&txn, actor, flag, FlagState::Dismissed, reason).await?;
        let deed = Deed::new(Action::CLUSTER_DISMISSED, Subject::new("vote-flag", flag));
        self.note(&txn, actor, deed.because(reason)).await?;
        txn.commit().await?;
        Ok(true)
    }

    async fn set_struck(
        &self,
        txn: &DatabaseTransaction,
        actor: &Actor,
        ruling: Ruling,
        (video, voters): (VideoId, &[PlayerId]),
        reason: &str,
    ) -> Result<u64, StoreError> {
        let (change, candidates) = match ruling {
            Ruling::Strike => (
                votes::ActiveModel {
                    struck_at: Set(Some(self.now())),
                    struck_reason: Set(Some(reason.to_owned())),
                    struck_by: Set(actor.id.map(|id| id.0)),
                    ..Default::default()
                },
                votes::Column::StruckAt.is_null(),
            ),
            Ruling::Restore => (
                votes::ActiveModel {
                    struck_at: Set(None),
                    struck_reason: Set(None),
                    struck_by: Set(None),
                    ..Default::default()
                },
                votes::Column::StruckAt.is_not_null(),
            ),
        };
        let update = votes::Entity::update_many().set(change);
        let done = update.filter(votes_by(video, voters)).filter(candidates).exec(txn).await?;
        Ok(done.rows_affected)
    }

    /// Once votes were restored, a suspicion of which no vote is struck any
    /// more is dismissed.
    async fn state_after(
        &self,
        txn: &DatabaseTransaction,
        flag: Uuid,
        ruling: Ruling,
    ) -> Result<FlagState, StoreError> {
        if ruling == Ruling::Strike {
            return Ok(FlagState::Struck);
        }
        let all = txn.query_one(&super::members_of(flag, false)).await?;
        let all: i64 = all.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        let counting = counting_members(txn, flag).await?;
        let none_struck = counting == count::<u64>("vote_flag_members", "player_id", all)?;
        Ok(if none_struck { FlagState::Dismissed } else { FlagState::Struck })
    }

    async fn settle(
        &self,
        txn: &DatabaseTransaction,
        actor: &Actor,
        flag: Uuid,
        state: FlagState,
        reason: &str,
    ) -> Result<(), StoreError> {
        let counting = counting_members(txn, flag).await?;
        vote_flags::Entity::update_many()
            .set(vote_flags::ActiveModel {
                state: Set(state.as_str().into()),
                left_counting: Set(i32::try_from(counting).unwrap_or(i32::MAX)),
                decided_at: Set(Some(self.now())),
                decided_by: Set(Some(actor.name.clone())),
                reason: Set(Some(reason.to_owned())),
                ..Default::default()
            })
            .filter(vote_flags::Column::Id.eq(flag))
            .exec(txn)
            .await?;
        Ok(())
    }
}

/// Whether nobody has decided about this suspicion.
async fn is_open(txn: &DatabaseTransaction, flag: Option<Uuid>) -> Result<bool, StoreError> {
    let Some(flag) = flag else { return Ok(false) };
    let row = vote_flags::Entity::find_by_id(flag).lock_exclusive().one(txn).await?;
    Ok(row.is_some_and(|row| row.state == FlagState::Open.as_str()))
}

/// The videos' totals; their rows are locked until the transaction ends.
async fn totals(
    txn: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<BTreeMap<VideoId, u64>, StoreError> {
    let mut totals = BTreeMap::new();
    for ids in ids.chunks(IDS_PER_STATEMENT) {
        let rows = videos::Entity::find()
            .filter(videos::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(videos::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;
        for row in rows {
            totals.insert(VideoId(row.id), count("videos", "votes", row.votes)?);
        }
    }
    Ok(totals)
}

/// Counts the votes of these videos anew.
async fn recount(txn: &DatabaseTransaction, ids: &[Uuid]) -> Result<(), StoreError> {
    let counting = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(votes::Entity)
        .and_where(
            Expr::col((votes::Entity, votes::Column::VideoId))
                .eq(Expr::col((videos::Entity, videos::Column::Id))),
        )
        .and_where(votes::Column::StruckAt.is_null())
        .take();
    for ids in ids.chunks(IDS_PER_STATEMENT) {
        let update = videos::Entity::update_many()
            .col_expr(videos::Column::Votes, counting.clone().into())
            .filter(videos::Column::Id.is_in(ids.iter().copied()));
        txn.execute(&update.into_query()).await?;
    }
    Ok(())
}

fn deed(ruling: Ruling, flag: Option<Uuid>, judged: &Judged, reason: &str) -> Deed {
    let action = match ruling {
        Ruling::Strike => Action::VOTES_STRUCK,
        Ruling::Restore => Action::VOTES_RESTORED,
    };
    let video = judged.before.keys().next();
    let subject = match (flag, video) {
        (Some(flag), _) => Subject::new("vote-flag", flag),
        (None, Some(video)) => Subject::video(*video),
        (None, None) => Subject::only("votes"),
    };
    Deed::new(action, subject)
        .before(totals_as_json(&judged.before, None))
        .after(totals_as_json(&judged.after, Some(judged.votes)))
        .because(reason)
}

fn totals_as_json(totals: &BTreeMap<VideoId, u64>, changed: Option<u64>) -> Json {
    let totals: serde_json::Map<_, _> =
        totals.iter().map(|(video, total)| (video.to_string(), (*total).into())).collect();
    let mut json = serde_json::json!({ "totals": totals });
    if let Some(changed) = changed {
        json["votes"] = changed.into();
    }
    json
}

/// Reads what somebody has decided.
pub(super) fn state_of(row: &vote_flags::Model) -> Result<FlagState, StoreError> {
    name("vote_flags", "state", &row.state)
}
