//! Where one player stands.

use anb_domain::{PlayerId, jury::FinalScore};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{published, rankings::positions, with_players};
use crate::{Store, StoreError, entity::players, row::count};

/// A player's place in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayerStanding {
    /// Among the players of the same city and country.
    pub city_position: u64,
    /// Among the players of the same country.
    pub country_position: u64,
    /// Of all published videos.
    pub votes: u64,
    /// Among the players of the city, where a jury counts beside the votes.
    pub score: Option<FinalScore>,
}

impl Store {
    /// Where a player stands; `None` without a published video.
    pub async fn standing_of(
        &self,
        player: PlayerId,
    ) -> Result<Option<PlayerStanding>, StoreError> {
        let home = players::Entity::find_by_id(player.0)
            .select_only()
            .column(players::Column::CountryKey)
            .into_query();
        let compatriots =
            with_players(published()).filter(players::Column::CountryKey.in_subquery(home));
        let standing = Query::select()
            .columns(["votes", "position", "city_position"])
            .from_subquery(positions(compatriots).into_query(), "ranked")
            .and_where(Expr::col("player").eq(player.0))
            .take();
        let Some(row) = self.db.reader().query_one(&standing).await? else { return Ok(None) };
        StandingRow::from_query_result(&row, "")?.try_into().map(Some)
    }
}

#[derive(FromQueryResult)]
struct StandingRow {
    votes: i64,
    position: i64,
    city_position: i64,
}

impl TryFrom<StandingRow> for PlayerStanding {
    type Error = StoreError;

    fn try_from(row: StandingRow) -> Result<Self, StoreError> {
        Ok(Self {
            city_position: count("players", "city_position", row.city_position)?,
            country_position: count("players", "position", row.position)?,
            votes: count("videos", "votes", row.votes)?,
            score: None,
        })
    }
}
