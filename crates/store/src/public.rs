//! What everybody may see: published videos and the ranking.

use anb_domain::{AttemptNo, PlayerId, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, FromQueryResult, JoinType, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, RelationTrait as _,
    Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, LikeExpr, Order},
};

use crate::{
    Page, Store, StoreError,
    entity::{players, videos},
    key::{key, words},
    row::{count, player_name, to_i64, within_i64},
};

/// A published video.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicVideo {
    pub id: VideoId,
    pub owner: PlayerId,
    pub title: String,
    /// First and last name.
    pub player_name: String,
    pub city: String,
    pub country: String,
    /// The attempt that was published: part of the objects' keys.
    pub attempt: AttemptNo,
    pub duration_s: Option<f64>,
    pub votes: u64,
    pub uploaded_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Newest first.
    #[default]
    Recent,
    /// Most votes first; among equals the newest.
    Votes,
}

/// Which published videos, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicFilter {
    /// Compared without regard to case.
    pub city: Option<String>,
    pub country: Option<String>,
    /// Words that must occur in the title or the player's name, in any case.
    pub q: Option<String>,
    pub sort: Sort,
    pub limit: u64,
    pub skip: u64,
    /// Begins after this video of the previous page (`skip` still applies).
    /// The sort key travels with it, so that votes cast meanwhile neither
    /// repeat nor skip a row that kept its place.
    pub after: Option<Cursor>,
}

/// The place of a row in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub votes: u64,
    pub id: VideoId,
}

/// A line of the ranking. A player's votes are those of all their published
/// videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedPlayer {
    /// Equal votes share a position (1, 1, 3).
    pub position: u64,
    pub player: PlayerId,
    /// First and last name.
    pub username: String,
    pub city: String,
    pub country: String,
    pub votes: u64,
}

impl Store {
    pub async fn public_videos(
        &self,
        filter: &PublicFilter,
    ) -> Result<Page<PublicVideo>, StoreError> {
        let q = filter.q.as_deref().unwrap_or_default();
        let matching = words(q).fold(
            published().filter(place(filter.city.as_deref(), filter.country.as_deref())),
            |videos, word| videos.filter(mentions(&word)),
        );
        let total = matching.clone().count(self.db.reader()).await?;
        let rows = sorted(matching, filter)
            .limit(within_i64(filter.limit))
            .offset(within_i64(filter.skip))
            .into_model::<PublicRow>()
            .all(self.db.reader())
            .await?;
        let items = rows.into_iter().map(PublicVideo::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, total })
    }

    /// A published video; `None` in every other state.
    pub async fn public_video(&self, id: VideoId) -> Result<Option<PublicVideo>, StoreError> {
        let row = published()
            .filter(videos::Column::Id.eq(id.0))
            .into_model::<PublicRow>()
            .one(self.db.reader())
            .await?;
        row.map(PublicVideo::try_from).transpose()
    }

    /// Players with at least one published video, most votes first. Positions
    /// count within the filter. `page` starts at 1.
    pub async fn rankings(
        &self,
        city: Option<&str>,
        country: Option<&str>,
        page: u64,
        page_size: u64,
    ) -> Result<Page<RankedPlayer>, StoreError> {
        let ranked = published().filter(place(city, country)).select_only();
        let total: Option<i64> = ranked
            .clone()
            .expr_as(Expr::col(videos::Column::OwnerId).count_distinct(), "total")
            .into_tuple()
            .one(self.db.reader())
            .await?;

        // Positions are given before the page is cut out. The name settles
        // the order, not the position, of players with equal votes.
        let rows = ranked
            .column_as(players::Column::Id, "player")
            .columns([
                players::Column::FirstName,
                players::Column::LastName,
                players::Column::City,
                players::Column::Country,
            ])
            .expr_as(Expr::cust(VOTES), "votes")
            .expr_as(Expr::cust(format!("RANK() OVER (ORDER BY {VOTES} DESC)")), "position")
            .group_by(players::Column::Id)
            .order_by_asc(Expr::col("position"))
            .order_by_asc(players::Column::NameKey)
            .order_by_asc(players::Column::Id)
            .limit(within_i64(page_size))
            .offset(within_i64(page.saturating_sub(1).saturating_mul(page_size)))
            .into_model::<RankedRow>()
            .all(self.db.reader())
            .await?;
        Ok(Page {
            items: rows.into_iter().map(RankedPlayer::try_from).collect::<Result<_, _>>()?,
            total: count("videos", "owner_id", total.unwrap_or_default())?,
        })
    }
}

/// PostgreSQL sums into another type than it adds.
const VOTES: &str = "CAST(SUM(videos.votes) AS BIGINT)";

#[derive(FromQueryResult)]
struct PublicRow {
    id: Uuid,
    owner_id: Uuid,
    title: String,
    first_name: String,
    last_name: String,
    city: String,
    country: String,
    attempt: i32,
    duration_s: Option<f64>,
    votes: i64,
    created_at: DateTime<Utc>,
    uploaded_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct RankedRow {
    player: Uuid,
    first_name: String,
    last_name: String,
    city: String,
    country: String,
    votes: i64,
    position: i64,
}

fn published() -> Select<videos::Entity> {
    videos::Entity::find()
        .join(JoinType::InnerJoin, videos::Relation::Owner.def())
        .columns([
            players::Column::FirstName,
            players::Column::LastName,
            players::Column::City,
            players::Column::Country,
        ])
        .filter(videos::Column::Status.eq(VideoStatus::Completed.as_str()))
}

fn place(city: Option<&str>, country: Option<&str>) -> Condition {
    Condition::all()
        .add_option(city.map(|city| players::Column::CityKey.eq(key(city))))
        .add_option(country.map(|country| players::Column::CountryKey.eq(key(country))))
}

/// The word occurs in the title or in the player's name.
fn mentions(word: &str) -> Condition {
    let pattern = LikeExpr::new(format!("%{}%", escaped(word))).escape(ESCAPE);
    Condition::any()
        .add(Expr::col((videos::Entity, videos::Column::TitleKey)).like(pattern.clone()))
        .add(Expr::col((players::Entity, players::Column::NameKey)).like(pattern))
}

/// Not the backslash, which both databases and their drivers read differently.
const ESCAPE: char = '!';

fn escaped(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern
}

fn sorted(rows: Select<videos::Entity>, filter: &PublicFilter) -> Select<videos::Entity> {
    let (votes, id) = (videos::Column::Votes, videos::Column::Id);
    let after = filter.after.as_ref();
    match filter.sort {
        Sort::Recent => {
            rows.apply_if(after, |rows, after| rows.filter(id.lt(after.id.0))).order_by_desc(id)
        }
        Sort::Votes => rows
            .apply_if(after, |rows, after| {
                let place = Expr::tuple([Expr::val(to_i64(after.votes)), Expr::val(after.id.0)]);
                rows.filter(Expr::tuple([votes.into_expr(), id.into_expr()]).lt(place))
            })
            .order_by(votes, Order::Desc)
            .order_by(id, Order::Desc),
    }
}

impl TryFrom<PublicRow> for PublicVideo {
    type Error = StoreError;

    fn try_from(row: PublicRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: VideoId(row.id),
            owner: PlayerId(row.owner_id),
            title: row.title,
            player_name: player_name(&row.first_name, &row.last_name),
            city: row.city,
            country: row.country,
            attempt: AttemptNo(count("videos", "attempt", row.attempt)?),
            duration_s: row.duration_s,
            votes: count("videos", "votes", row.votes)?,
            uploaded_at: row.uploaded_at.unwrap_or(row.created_at),
        })
    }
}

impl TryFrom<RankedRow> for RankedPlayer {
    type Error = StoreError;

    fn try_from(row: RankedRow) -> Result<Self, StoreError> {
        Ok(Self {
            position: count("players", "position", row.position)?,
            player: PlayerId(row.player),
            username: player_name(&row.first_name, &row.last_name),
            city: row.city,
            country: row.country,
            votes: count("videos", "votes", row.votes)?,
        })
    }
}
