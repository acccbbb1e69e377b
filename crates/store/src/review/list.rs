//! What operators see of suspicions and votes.

use anb_domain::{PlayerId, VideoId, vote_review::FlagState};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, JoinType, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, Query, SelectStatement},
};

use super::{FlaggedVideo, ReviewedVote, VoteFlag, decide::state_of, members_of};
use crate::{
    Page, Store, StoreError,
    entity::{players, videos, vote_flag_members, vote_flags, votes},
    row::{count, name, player_name, within_i64},
};

/// More points than a drawing can show apart.
const MOST_MOMENTS: u64 = 20_000;

impl Store {
    /// Suspicions that are open, or that somebody has decided about; the
    /// strongest first, or the latest decision.
    pub async fn vote_flags(
        &self,
        open: bool,
        limit: u64,
        skip: u64,
    ) -> Result<Page<VoteFlag>, StoreError> {
        let is_open = vote_flags::Column::State.eq(FlagState::Open.as_str());
        let state = if open { is_open } else { is_open.not() };
        // Whose votes were all withdrawn suspects nobody any more.
        let flags = vote_flags::Entity::find().filter(state).filter(Expr::exists(any_member()));
        let total = flags.clone().count(self.db.reader()).await?;
        let ordered = if open {
            flags.order_by_desc(vote_flags::Column::Score)
        } else {
            flags.order_by_desc(vote_flags::Column::DecidedAt)
        };
        let shown = ordered
            .order_by_desc(vote_flags::Column::Id)
            .limit(within_i64(limit))
            .offset(within_i64(skip));
        let rows = described(shown).into_model::<FlagRow>().all(self.db.reader()).await?;
        let items = rows.into_iter().map(VoteFlag::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, total })
    }

    pub async fn vote_flag(&self, id: Uuid) -> Result<Option<VoteFlag>, StoreError> {
        let row = described(vote_flags::Entity::find_by_id(id));
        let row = row.into_model::<FlagRow>().one(self.db.reader()).await?;
        row.map(VoteFlag::try_from).transpose()
    }

    /// The votes under a suspicion, first to last.
    pub async fn votes_under(
        &self,
        flag: Uuid,
        limit: u64,
        skip: u64,
    ) -> Result<Vec<ReviewedVote>, StoreError> {
        let under = votes::Entity::find()
            .join_rev(JoinType::InnerJoin, vote_flag_members::Relation::Vote.def())
            .filter(vote_flag_members::Column::FlagId.eq(flag));
        self.reviewed(under.order_by_asc(votes::Column::CreatedAt), limit, skip).await
    }

    /// All votes for a video, latest first, and how many there are.
    pub async fn votes_for(
        &self,
        video: VideoId,
        limit: u64,
        skip: u64,
    ) -> Result<Page<ReviewedVote>, StoreError> {
        let votes = votes::Entity::find().filter(votes::Column::VideoId.eq(video.0));
        let total = votes.clone().count(self.db.reader()).await?;
        let shown = votes.order_by_desc(votes::Column::CreatedAt);
        Ok(Page { items: self.reviewed(shown, limit, skip).await?, total })
    }

    async fn reviewed(
        &self,
        votes: Select<votes::Entity>,
        limit: u64,
        skip: u64,
    ) -> Result<Vec<ReviewedVote>, StoreError> {
        let title = Query::select()
            .column(videos::Column::Title)
            .from(videos::Entity)
            .and_where(
                Expr::col((videos::Entity, videos::Column::Id))
                    .eq(Expr::col((votes::Entity, votes::Column::VideoId))),
            )
            .take();
        let rows = votes
            .order_by_asc(votes::Column::VideoId)
            .order_by_asc(votes::Column::PlayerId)
            .join(JoinType::InnerJoin, votes::Relation::Voter.def())
            .select_only()
            .columns([
                votes::Column::VideoId,
                votes::Column::PlayerId,
                votes::Column::Network,
                votes::Column::Device,
                votes::Column::StruckAt,
                votes::Column::StruckReason,
            ])
            .column_as(votes::Column::CreatedAt, "cast_at")
            .columns([
                players::Column::FirstName,
                players::Column::LastName,
                players::Column::Email,
            ])
            .column_as(players::Column::CreatedAt, "voter_since")
            .expr_as(title, "title")
            .limit(within_i64(limit))
            .offset(within_i64(skip))
            .into_model::<VoteRow>()
            .all(self.db.reader())
            .await?;
        Ok(rows.into_iter().map(ReviewedVote::from).collect())
    }

    /// When the votes under a suspicion were cast.
    pub async fn moments_under(&self, flag: Uuid) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let under = votes::Entity::find()
            .join_rev(JoinType::InnerJoin, vote_flag_members::Relation::Vote.def())
            .filter(vote_flag_members::Column::FlagId.eq(flag));
        self.moments(under).await
    }

    /// When the votes for a video were cast within this time.
    pub async fn moments_for(
        &self,
        video: VideoId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let votes = votes::Entity::find()
            .filter(votes::Column::VideoId.eq(video.0))
            .filter(votes::Column::CreatedAt.between(from, until));
        self.moments(votes).await
    }

    async fn moments(
        &self,
        votes: Select<votes::Entity>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let moments = votes
            .select_only()
            .column(votes::Column::CreatedAt)
            .order_by_asc(votes::Column::CreatedAt)
            .limit(MOST_MOMENTS)
            .into_tuple()
            .all(self.db.reader())
            .await?;
        Ok(moments)
    }
}

/// With what stands behind the ids, and with how many votes there are.
fn described(flags: Select<vote_flags::Entity>) -> Select<vote_flags::Entity> {
    let flag = |column| Expr::col((vote_flags::Entity, column));
    let of_video = |column| {
        Query::select()
            .column(column)
            .from(videos::Entity)
            .and_where(
                Expr::col((videos::Entity, videos::Column::Id))
                    .eq(flag(vote_flags::Column::VideoId)),
            )
            .take()
    };
    let of_player = |column| {
        Query::select()
            .column(column)
            .from(players::Entity)
            .and_where(
                Expr::col((players::Entity, players::Column::Id))
                    .eq(flag(vote_flags::Column::PlayerId)),
            )
            .take()
    };
    flags
        .expr_as(of_video(videos::Column::Title), "title")
        .expr_as(of_video(videos::Column::Votes), "total")
        .expr_as(of_player(players::Column::FirstName), "first_name")
        .expr_as(of_player(players::Column::LastName), "last_name")
        .expr_as(members_of(flag(vote_flags::Column::Id), false), "members")
        .expr_as(members_of(flag(vote_flags::Column::Id), true), "counting")
}

#[derive(FromQueryResult)]
struct FlagRow {
    #[sea_orm(nested)]
    flag: vote_flags::Model,
    title: Option<String>,
    total: Option<i64>,
    first_name: Option<String>,
    last_name: Option<String>,
    members: i64,
    counting: i64,
}

impl TryFrom<FlagRow> for VoteFlag {
    type Error = StoreError;

    fn try_from(row: FlagRow) -> Result<Self, StoreError> {
        let flag = row.flag;
        let state = state_of(&flag)?;
        let video = match (flag.video_id, row.title, row.total) {
            (Some(id), Some(title), Some(total)) => {
                let total = count("videos", "votes", total)?;
                Some(FlaggedVideo { id: VideoId(id), title, total })
            }
            _ => None,
        };
        let name_of = |first: String| player_name(&first, &row.last_name.unwrap_or_default());
        let voter_name = row.first_name.map(name_of).unwrap_or_default();
        Ok(Self {
            id: flag.id,
            kind: name("vote_flags", "kind", &flag.kind)?,
            state,
            video,
            voter: flag.player_id.map(|id| (PlayerId(id), voter_name)),
            network: flag.network,
            device: flag.device,
            score: count("vote_flags", "score", flag.score)?,
            first_at: flag.first_at,
            last_at: flag.last_at,
            found_at: flag.found_at,
            votes: count("vote_flag_members", "player_id", row.members)?,
            counting: count("vote_flag_members", "player_id", row.counting)?,
            decided_at: flag.decided_at,
            decided_by: flag.decided_by,
            reason: flag.reason,
        })
    }
}

#[derive(FromQueryResult)]
struct VoteRow {
    video_id: Uuid,
    player_id: Uuid,
    title: Option<String>,
    first_name: String,
    last_name: String,
    email: String,
    voter_since: DateTime<Utc>,
    cast_at: DateTime<Utc>,
    network: Option<String>,
    device: Option<String>,
    struck_at: Option<DateTime<Utc>>,
    struck_reason: Option<String>,
}

impl From<VoteRow> for ReviewedVote {
    fn from(row: VoteRow) -> Self {
        let domain = row.email.rsplit('@').next().unwrap_or_default();
        Self {
            video: VideoId(row.video_id),
            title: row.title.unwrap_or_default(),
            voter: PlayerId(row.player_id),
            voter_name: player_name(&row.first_name, &row.last_name),
            mail_domain: domain.to_owned(),
            voter_since: row.voter_since,
            cast_at: row.cast_at,
            network: row.network,
            device: row.device,
            struck_at: row.struck_at,
            struck_reason: row.struck_reason,
        }
    }
}

fn any_member() -> SelectStatement {
    Query::select()
        .column(vote_flag_members::Column::FlagId)
        .from(vote_flag_members::Entity)
        .and_where(
            Expr::col((vote_flag_members::Entity, vote_flag_members::Column::FlagId))
                .eq(Expr::col((vote_flags::Entity, vote_flags::Column::Id))),
        )
        .take()
}
