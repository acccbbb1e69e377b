//! What everybody may see: published videos, who made them, and the ranking.

mod final_ranking;
mod list;
mod places;
mod rankings;
mod search;
mod standing;

use anb_domain::{VideoStatus, Visibility};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _,
    RelationTrait as _, Select,
};

pub use list::{Cursor, PublicFilter, PublicVideo, Sort};
pub use places::PlaceCount;
pub use rankings::{RankedPlayer, RankingFilter};
pub(crate) use search::mentions;
pub use standing::PlayerStanding;

use crate::{
    entity::{players, videos},
    key::key,
};

/// Videos that everybody may see. Whatever the public reads, counts or votes
/// for begins here.
pub(crate) fn published() -> Select<videos::Entity> {
    videos::Entity::find().filter(is_published())
}

/// What makes a video one of them.
pub(crate) fn is_published() -> Condition {
    Condition::all()
        .add(videos::Column::Status.eq(VideoStatus::Completed.as_str()))
        .add(videos::Column::Visibility.eq(Visibility::Public.as_str()))
}

/// Together with those who made them.
fn with_players(videos: Select<videos::Entity>) -> Select<videos::Entity> {
    videos.join(JoinType::InnerJoin, videos::Relation::Owner.def())
}

/// Those of players from there. Players are looked at only where it is asked
/// where they come from: whoever merely counts has no other need of them.
pub(crate) fn from_place(
    videos: Select<videos::Entity>,
    city: Option<&str>,
    country: Option<&str>,
) -> Select<videos::Entity> {
    if city.is_none() && country.is_none() {
        return videos;
    }
    with_players(videos).filter(place(city, country))
}

fn in_category(videos: Select<videos::Entity>, category: &str) -> Select<videos::Entity> {
    videos.filter(videos::Column::Category.eq(category))
}

fn place(city: Option<&str>, country: Option<&str>) -> Condition {
    Condition::all()
        .add_option(city.map(|city| players::Column::CityKey.eq(key(city))))
        .add_option(country.map(|country| players::Column::CountryKey.eq(key(country))))
}
