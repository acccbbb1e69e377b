//! Where the published videos come from.

use std::collections::BTreeMap;

use sea_orm::{
    ConnectionTrait as _, FromQueryResult, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _, JoinType, Query, SelectStatement},
};

use super::published;
use crate::{
    Store, StoreError,
    entity::{players, videos},
    key::{key, sort_key},
    row::count,
};

/// A city with published videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceCount {
    /// Spelled as most of its players spell it.
    pub city: String,
    /// Spelled as most of its players spell it, in whatever city: every place
    /// of a country has the same.
    pub country: String,
    pub videos: u64,
}

impl PlaceCount {
    /// Whether it is this city, of this country, however these are spelled;
    /// what is not given is not compared.
    #[must_use]
    pub fn is(&self, city: Option<&str>, country: Option<&str>) -> bool {
        city.is_none_or(|city| key(city) == key(&self.city))
            && country.is_none_or(|country| key(country) == key(&self.country))
    }
}

impl Store {
    /// The cities with published videos, by country and then by city. Two
    /// that differ in case or spacing only are one.
    pub async fn places(&self) -> Result<Vec<PlaceCount>, StoreError> {
        let rows = self.db.reader().query_all(&spellings()).await?;
        let rows = rows
            .iter()
            .map(|row| Ok(Spelling::from_query_result(row, "")?))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let mut places = together(&rows)?;
        places.sort_by_cached_key(|place| (sort_key(&place.country), sort_key(&place.city)));
        Ok(places)
    }
}

/// A place as some of its players write it.
#[derive(FromQueryResult)]
struct Spelling {
    city_key: String,
    country_key: String,
    city: String,
    country: String,
    players: i64,
    videos: i64,
}

/// Videos are counted for each player before it is asked who that is: there
/// are fewer players than videos.
fn spellings() -> SelectStatement {
    let by_player = published()
        .select_only()
        .column(videos::Column::OwnerId)
        .expr_as(Expr::cust("COUNT(*)"), "videos")
        .group_by(videos::Column::OwnerId)
        .into_query();
    let spelling = [
        players::Column::CityKey,
        players::Column::CountryKey,
        players::Column::City,
        players::Column::Country,
    ];
    Query::select()
        .columns(spelling)
        .expr_as(Expr::cust("COUNT(*)"), "players")
        .expr_as(Expr::cust("CAST(SUM(published.videos) AS BIGINT)"), "videos")
        .from_subquery(by_player, "published")
        .join(
            JoinType::InnerJoin,
            players::Entity,
            Expr::col((players::Entity, players::Column::Id))
                .equals(("published", videos::Column::OwnerId)),
        )
        .group_by_columns(spelling)
        .take()
}

fn together(rows: &[Spelling]) -> Result<Vec<PlaceCount>, StoreError> {
    let countries = usual(rows.iter().map(|row| (&*row.country_key, &*row.country, row.players)));
    let cities = usual(rows.iter().map(|row| (place(row), &*row.city, row.players)));
    let mut videos = BTreeMap::<_, i64>::new();
    for row in rows {
        *videos.entry(place(row)).or_default() += row.videos;
    }
    cities
        .into_iter()
        .map(|(place, city)| {
            Ok(PlaceCount {
                city: city.to_owned(),
                country: countries[place.0].to_owned(),
                videos: count("videos", "id", videos[&place])?,
            })
        })
        .collect()
}

fn place(row: &Spelling) -> (&str, &str) {
    (&row.country_key, &row.city_key)
}

/// For each key, the spelling that most use; among equals always the same.
fn usual<'a, K: Ord + Copy>(
    spellings: impl Iterator<Item = (K, &'a str, i64)>,
) -> BTreeMap<K, &'a str> {
    let mut users = BTreeMap::<(K, &str), i64>::new();
    for (key, spelling, players) in spellings {
        *users.entry((key, spelling)).or_default() += players;
    }
    let mut usual = BTreeMap::<K, (i64, &str)>::new();
    for ((key, spelling), players) in users {
        let most = usual.entry(key).or_insert((players, spelling));
        if players > most.0 {
            *most = (players, spelling);
        }
    }
    usual.into_iter().map(|(key, (_, spelling))| (key, spelling)).collect()
}
