//! The ranking of players.

use anb_domain::{PlayerId, jury::FinalScore};
use sea_orm::{
    FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _},
};

use super::{from_place, in_category, place, published, with_players};
use crate::{
    Page, Store, StoreError,
    entity::{players, videos},
    row::{count, player_name, within_i64},
};

/// A line of the ranking. A player's votes are those of all their published
/// videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedPlayer {
    /// Within the filter. Equal votes share a position (1, 1, 3).
    pub position: u64,
    /// Among the players of the same city and country.
    pub city_position: u64,
    pub player: PlayerId,
    /// First and last name.
    pub username: String,
    pub city: String,
    pub country: String,
    pub votes: u64,
    /// Where a jury counts beside the votes: what both come to. Positions
    /// follow it.
    pub score: Option<FinalScore>,
}

/// Who is ranked, among themselves.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct RankingFilter {
    /// Compared without regard to case.
    pub city: Option<String>,
    pub country: Option<String>,
    /// Only videos of this category count.
    pub category: Option<String>,
}

impl RankingFilter {
    #[must_use]
    pub fn from_place(city: Option<&str>, country: Option<&str>) -> Self {
        let (city, country) = (city.map(str::to_owned), country.map(str::to_owned));
        Self { city, country, category: None }
    }

    /// The videos that count.
    pub(super) fn videos(&self) -> Select<videos::Entity> {
        published().apply_if(self.category.as_deref(), in_category)
    }

    pub(super) fn place(&self) -> (Option<&str>, Option<&str>) {
        (self.city.as_deref(), self.country.as_deref())
    }
}

impl Store {
    /// Players with at least one published video, most votes first, and how
    /// many there are. Positions count within the filter. `page` starts at 1.
    pub async fn rankings(
        &self,
        filter: &RankingFilter,
        page: u64,
        page_size: u64,
    ) -> Result<Page<RankedPlayer>, StoreError> {
        let total = self.ranked_total(filter).await?;
        let skip = page.saturating_sub(1).saturating_mul(page_size);
        Ok(Page { items: self.ranked(filter, skip, page_size).await?, total })
    }

    /// Up to `limit` lines of the ranking after the first `skip`.
    pub async fn ranked(
        &self,
        filter: &RankingFilter,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<RankedPlayer>, StoreError> {
        // Positions are given before the lines are cut out. The name settles
        // the order, not the position, of players with equal votes.
        let (city, country) = filter.place();
        let rows = positions(with_players(filter.videos()).filter(place(city, country)))
            .columns([
                players::Column::FirstName,
                players::Column::LastName,
                players::Column::City,
                players::Column::Country,
            ])
            .order_by_asc(Expr::col("position"))
            .order_by_asc(players::Column::NameKey)
            .order_by_asc(players::Column::Id)
            .limit(within_i64(limit))
            .offset(within_i64(skip))
            .into_model::<RankedRow>()
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(RankedPlayer::try_from).collect()
    }

    /// How many players are ranked.
    pub async fn ranked_total(&self, filter: &RankingFilter) -> Result<u64, StoreError> {
        let (city, country) = filter.place();
        let total: Option<i64> = from_place(filter.videos(), city, country)
            .select_only()
            .expr_as(Expr::col(videos::Column::OwnerId).count_distinct(), "total")
            .into_tuple()
            .one(self.db.reader())
            .await?;
        count("videos", "owner_id", total.unwrap_or_default())
    }
}

/// PostgreSQL sums into another type than it adds.
const VOTES: &str = "CAST(SUM(videos.votes) AS BIGINT)";

/// One row for each player of these videos: `player`, `votes`, `position`
/// among all rows, and `city_position`.
pub(super) fn positions(videos: Select<videos::Entity>) -> Select<videos::Entity> {
    let rank = |among| Expr::cust(format!("RANK() OVER ({among}ORDER BY {VOTES} DESC)"));
    videos
        .select_only()
        .column_as(players::Column::Id, "player")
        .expr_as(Expr::cust(VOTES), "votes")
        .expr_as(rank(""), "position")
        .expr_as(rank("PARTITION BY players.country_key, players.city_key "), "city_position")
        .group_by(players::Column::Id)
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
    city_position: i64,
}

impl TryFrom<RankedRow> for RankedPlayer {
    type Error = StoreError;

    fn try_from(row: RankedRow) -> Result<Self, StoreError> {
        Ok(Self {
            position: count("players", "position", row.position)?,
            city_position: count("players", "city_position", row.city_position)?,
            player: PlayerId(row.player),
            username: player_name(&row.first_name, &row.last_name),
            city: row.city,
            country: row.country,
            votes: count("videos", "votes", row.votes)?,
            score: None,
        })
    }
}
