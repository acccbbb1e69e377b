//! Looks at votes that nobody has looked at yet.

use std::collections::{BTreeMap, BTreeSet};

use anb_domain::{
    PlayerId, VideoId,
    vote_review::{
        self, DAY, FlagState, Footprint, Peak, ReviewRules, SeenVote, Suspect, Suspicion, Usual,
        VoteKey, has_outgrown,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, LockType},
};

use super::{IDS_PER_STATEMENT, by_video, members_of, votes_by};
use crate::{
    Store, StoreError,
    entity::{players, vote_flag_members, vote_flags, votes},
    row::{count, name},
};

/// More votes around one moment, for one video, are no longer told apart.
const MOST_AT_ONCE: u64 = 5000;

/// What a look at new votes has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reviewed {
    pub votes: u64,
    /// Suspicions that are new, or open again.
    pub flagged: u64,
}

impl Store {
    /// Holds up to `limit` votes that are new against the rules, oldest first.
    /// May run in several processes at once, and be cut off anywhere: a vote
    /// counts as reviewed only after what it gave rise to has been written,
    /// and the same suspicion written twice is one.
    pub async fn review_votes(
        &self,
        rules: &ReviewRules,
        limit: u64,
    ) -> Result<Reviewed, StoreError> {
        let fresh = self.votes_to_review(limit).await?;
        let mut done = Reviewed { votes: fresh.len() as u64, flagged: 0 };
        let mut suspicions = self.fast_voters(&fresh, rules).await?;
        for (video, moments) in by(&fresh, |(key, _)| key.0) {
            suspicions.extend(self.suspicions_about(video, &moments, rules).await?);
        }
        for suspicion in &suspicions {
            done.flagged += u64::from(self.flag(suspicion).await?);
        }
        self.votes_reviewed(&fresh).await?;
        Ok(done)
    }

    async fn votes_to_review(&self, limit: u64) -> Result<Vec<Fresh>, StoreError> {
        let rows: Vec<(Uuid, Uuid, DateTime<Utc>)> = votes::Entity::find()
            .select_only()
            .columns([votes::Column::VideoId, votes::Column::PlayerId, votes::Column::CreatedAt])
            .filter(votes::Column::ReviewedAt.is_null())
            .order_by_asc(votes::Column::CreatedAt)
            .limit(limit)
            .into_tuple()
            .all(self.db.reader())
            .await?;
        let keyed = |(video, voter, at)| ((VideoId(video), PlayerId(voter)), at);
        Ok(rows.into_iter().map(keyed).collect())
    }

    async fn suspicions_about(
        &self,
        video: VideoId,
        moments: &[DateTime<Utc>],
        rules: &ReviewRules,
    ) -> Result<Vec<Suspicion>, StoreError> {
        let around = votes::Column::VideoId.eq(video.0).and(near(moments, rules.reach()));
        let seen = self.seen(Condition::all().add(around)).await?;
        let mut found = vote_review::clusters(&seen, rules);
        if let Some(peak) = vote_review::peak(&seen, rules) {
            let usual = self.usual(video, peak).await?;
            found.extend(vote_review::burst(video, &seen, peak, usual, rules));
        }
        Ok(found)
    }

    async fn fast_voters(
        &self,
        fresh: &[Fresh],
        rules: &ReviewRules,
    ) -> Result<Vec<Suspicion>, StoreError> {
        let mut found = Vec::new();
        for (voter, moments) in by(fresh, |(key, _)| key.1) {
            let window = near(&moments, rules.fast_window());
            let own = votes::Column::PlayerId.eq(voter.0).and(window);
            let seen = self.seen(Condition::all().add(own)).await?;
            found.extend(vote_review::faster_than_a_person(voter, &seen, rules));
        }
        Ok(found)
    }

    /// Votes that count.
    async fn seen(&self, which: Condition) -> Result<Vec<SeenVote>, StoreError> {
        let rows = votes::Entity::find()
            .join(JoinType::InnerJoin, votes::Relation::Voter.def())
            .select_only()
            .columns([
                votes::Column::VideoId,
                votes::Column::PlayerId,
                votes::Column::Network,
                votes::Column::Device,
            ])
            .column_as(votes::Column::CreatedAt, "cast_at")
            .column_as(players::Column::CreatedAt, "voter_since")
            .columns([players::Column::SignupNetwork, players::Column::SignupDevice])
            .filter(votes::Column::StruckAt.is_null())
            .filter(which)
            .order_by_asc(votes::Column::CreatedAt)
            .limit(MOST_AT_ONCE)
            .into_model::<SeenRow>()
            .all(self.db.reader())
            .await?;
        Ok(rows.into_iter().map(SeenVote::from).collect())
    }

    async fn usual(&self, video: VideoId, peak: Peak) -> Result<Usual, StoreError> {
        let (own, _) = self
            .tally(
                votes::Column::VideoId
                    .eq(video.0)
                    .and(votes::Column::CreatedAt.gte(peak.from - DAY))
                    .and(votes::Column::CreatedAt.lt(peak.from)),
            )
            .await?;
        let (elsewhere, other_videos) = self
            .tally(
                votes::Column::VideoId
                    .ne(video.0)
                    .and(votes::Column::CreatedAt.gte(peak.from))
                    .and(votes::Column::CreatedAt.lt(peak.until)),
            )
            .await?;
        Ok(Usual { day_before: own, elsewhere, other_videos })
    }

    /// How many votes, for how many videos.
    async fn tally(&self, which: Expr) -> Result<(u64, u64), StoreError> {
        let counted: Option<(i64, i64)> = votes::Entity::find()
            .select_only()
            .expr_as(Expr::cust("COUNT(*)"), "votes")
            .expr_as(Expr::col(votes::Column::VideoId).count_distinct(), "videos")
            .filter(which)
            .into_tuple()
            .one(self.db.reader())
            .await?;
        let (votes, videos) = counted.unwrap_or_default();
        Ok((count("votes", "player_id", votes)?, count("votes", "video_id", videos)?))
    }

    /// Writes a suspicion down, or lets the one about the same suspect grow.
    /// `true`: it is new, or open again.
    async fn flag(&self, suspicion: &Suspicion) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let kept = keep_votes(&txn, &suspicion.votes).await?;
        if kept.is_empty() {
            return Ok(false);
        }
        let (row, is_new) = self.flag_of(&txn, suspicion).await?;
        add_members(&txn, row.id, &kept).await?;
        let counting = counting_members(&txn, row.id).await?;
        let state: FlagState = name("vote_flags", "state", &row.state)?;
        let left = count("vote_flags", "left_counting", row.left_counting)?;
        let again = state != FlagState::Open && has_outgrown(left, counting);
        vote_flags::Entity::update(vote_flags::ActiveModel {
            id: Set(row.id),
            first_at: Set(Ord::min(row.first_at, suspicion.first_at)),
            last_at: Set(Ord::max(row.last_at, suspicion.last_at)),
            score: Set(Ord::max(row.score, score(suspicion))),
            state: Set(if again { FlagState::Open.as_str().into() } else { row.state }),
            ..Default::default()
        })
        .exec(&txn)
        .await?;
        txn.commit().await?;
        Ok(is_new || again)
    }

    /// The row about the same suspect, locked; and whether it is a new one.
    async fn flag_of(
        &self,
        txn: &DatabaseTransaction,
        suspicion: &Suspicion,
    ) -> Result<(vote_flags::Model, bool), StoreError> {
        let id = self.ids.sortable();
        vote_flags::Entity::insert(row_of(id, self.now(), suspicion))
            .on_conflict_do_nothing_on([vote_flags::Column::Subject])
            .exec_without_returning(txn)
            .await?;
        let row = vote_flags::Entity::find()
            .filter(vote_flags::Column::Subject.eq(suspicion.suspect.to_string()))
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(|| sea_orm::DbErr::RecordNotFound(suspicion.suspect.to_string()))?;
        let is_new = row.id == id;
        Ok((row, is_new))
    }

    async fn votes_reviewed(&self, fresh: &[Fresh]) -> Result<(), StoreError> {
        let keys: Vec<_> = fresh.iter().map(|(key, _)| *key).collect();
        let now = Some(self.now());
        let txn = self.db.begin().await?;
        for (video, voters) in by_video(&keys) {
            for voters in voters.chunks(IDS_PER_STATEMENT) {
                votes::Entity::update_many()
                    .set(votes::ActiveModel { reviewed_at: Set(now), ..Default::default() })
                    .filter(votes_by(video, voters))
                    .exec(&txn)
                    .await?;
            }
        }
        txn.commit().await?;
        Ok(())
    }
}

/// A vote that is to be reviewed, and when it was cast.
type Fresh = (VoteKey, DateTime<Utc>);

fn by<K: Ord>(fresh: &[Fresh], of: impl Fn(&Fresh) -> K) -> BTreeMap<K, Vec<DateTime<Utc>>> {
    let mut grouped = BTreeMap::<_, Vec<_>>::new();
    for vote in fresh {
        grouped.entry(of(vote)).or_default().push(vote.1);
    }
    grouped
}

/// From the first of these moments to the last, and as far around them.
fn near(moments: &[DateTime<Utc>], reach: TimeDelta) -> Expr {
    let first = moments.iter().min().copied().unwrap_or_default();
    let last = moments.iter().max().copied().unwrap_or_default();
    votes::Column::CreatedAt.gte(first - reach).and(votes::Column::CreatedAt.lte(last + reach))
}

fn score(suspicion: &Suspicion) -> i32 {
    i32::try_from(suspicion.score).unwrap_or(i32::MAX)
}

fn row_of(id: Uuid, now: DateTime<Utc>, suspicion: &Suspicion) -> vote_flags::ActiveModel {
    let (network, device, voter) = match &suspicion.suspect {
        Suspect::Network { network, .. } => (Some(network.clone()), None, None),
        Suspect::Device { device, .. } => (None, Some(device.clone()), None),
        Suspect::Burst { .. } => (None, None, None),
        Suspect::Fast { voter } => (None, None, Some(voter.0)),
    };
    vote_flags::ActiveModel {
        id: Set(id),
        subject: Set(suspicion.suspect.to_string()),
        kind: Set(suspicion.suspect.kind().as_str().into()),
        video_id: Set(suspicion.suspect.video().map(|video| video.0)),
        player_id: Set(voter),
        network: Set(network),
        device: Set(device),
        score: Set(score(suspicion)),
        first_at: Set(suspicion.first_at),
        last_at: Set(suspicion.last_at),
        found_at: Set(now),
        state: Set(FlagState::Open.as_str().into()),
        left_counting: Set(0),
        ..Default::default()
    }
}

/// Those of these votes that are still there, and stay until the transaction
/// ends.
async fn keep_votes(
    txn: &DatabaseTransaction,
    keys: &[VoteKey],
) -> Result<BTreeSet<VoteKey>, StoreError> {
    let mut kept = BTreeSet::new();
    for (video, voters) in by_video(keys) {
        for voters in voters.chunks(IDS_PER_STATEMENT) {
            let rows = votes::Entity::find()
                .filter(votes_by(video, voters))
                .order_by_asc(votes::Column::PlayerId)
                .lock(LockType::KeyShare)
                .all(txn)
                .await?;
            kept.extend(rows.iter().map(|row| (VideoId(row.video_id), PlayerId(row.player_id))));
        }
    }
    Ok(kept)
}

async fn add_members(
    txn: &DatabaseTransaction,
    flag: Uuid,
    votes: &BTreeSet<VoteKey>,
) -> Result<(), StoreError> {
    let votes: Vec<_> = votes.iter().collect();
    for votes in votes.chunks(IDS_PER_STATEMENT) {
        let rows = votes.iter().map(|(video, voter)| vote_flag_members::ActiveModel {
            flag_id: Set(flag),
            video_id: Set(video.0),
            player_id: Set(voter.0),
        });
        vote_flag_members::Entity::insert_many(rows)
            .on_conflict_do_nothing()
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// How many votes under this suspicion count.
pub(super) async fn counting_members(
    txn: &DatabaseTransaction,
    flag: Uuid,
) -> Result<u64, StoreError> {
    use sea_orm::ConnectionTrait as _;
    let counted = txn.query_one(&members_of(flag, true)).await?;
    let counted = counted.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
    count("vote_flag_members", "player_id", counted)
}

#[derive(FromQueryResult)]
struct SeenRow {
    video_id: Uuid,
    player_id: Uuid,
    cast_at: DateTime<Utc>,
    voter_since: DateTime<Utc>,
    network: Option<String>,
    device: Option<String>,
    signup_network: Option<String>,
    signup_device: Option<String>,
}

impl From<SeenRow> for SeenVote {
    fn from(row: SeenRow) -> Self {
        Self {
            video: VideoId(row.video_id),
            voter: PlayerId(row.player_id),
            cast_at: row.cast_at,
            voter_since: row.voter_since,
            cast_from: Footprint { network: row.network, device: row.device },
            signed_up_from: Footprint { network: row.signup_network, device: row.signup_device },
        }
    }
}
