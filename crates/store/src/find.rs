//! Videos as operators look for them.

use anb_domain::{VideoStatus, Visibility};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    Page, Store, StoreError, Video,
    entity::{players, videos},
    key::key,
    public::mentions,
    row::{player_name, within_i64},
    videos::load_all,
};

/// Which videos, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VideoFilter {
    pub status: Option<VideoStatus>,
    pub visibility: Option<Visibility>,
    /// In whatever spelling.
    pub city: Option<String>,
    /// An id, or words of a title or a player's name.
    pub q: Option<String>,
    pub limit: u64,
    pub skip: u64,
}

/// A video beside the name and the place of its player.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundVideo {
    pub video: Video,
    /// Empty once the account is gone.
    pub player: String,
    pub city: String,
}

impl Store {
    /// A page of videos in whatever state.
    pub async fn find_videos(&self, filter: &VideoFilter) -> Result<Page<FoundVideo>, StoreError> {
        let matching = matching(filter);
        let total = matching.clone().count(self.db.reader()).await?;
        let shown = matching
            .order_by_desc(videos::Column::Id)
            .limit(within_i64(filter.limit))
            .offset(within_i64(filter.skip));
        let found = load_all(self.db.reader(), shown).await?;
        let owners = found.iter().map(|video| video.owner.0);
        let owners = players::Entity::find().filter(players::Column::Id.is_in(owners));
        let owners = owners.all(self.db.reader()).await?;
        let beside = |video: Video| {
            let owner = owners.iter().find(|player| player.id == video.owner.0);
            let player = owner.map(|who| player_name(&who.first_name, &who.last_name));
            let city = owner.map(|who| who.city.clone());
            FoundVideo { video, player: player.unwrap_or_default(), city: city.unwrap_or_default() }
        };
        Ok(Page { items: found.into_iter().map(beside).collect(), total })
    }
}

fn matching(filter: &VideoFilter) -> Select<videos::Entity> {
    videos::Entity::find()
        .apply_if(filter.status, |rows, status| {
            rows.filter(videos::Column::Status.eq(status.as_str()))
        })
        .apply_if(filter.visibility, |rows, visibility| {
            rows.filter(videos::Column::Visibility.eq(visibility.as_str()))
        })
        .apply_if(filter.city.as_deref(), |rows, city| {
            let there = players::Entity::find()
                .select_only()
                .column(players::Column::Id)
                .filter(players::Column::CityKey.eq(key(city)))
                .into_query();
            rows.filter(videos::Column::OwnerId.in_subquery(there))
        })
        .apply_if(filter.q.as_deref(), |rows, q| rows.filter(named(q)))
}

fn named(q: &str) -> Condition {
    match q.trim().parse::<Uuid>() {
        Ok(id) => {
            let own = Expr::col((videos::Entity, videos::Column::Id)).eq(id);
            Condition::any().add(own).add(videos::Column::OwnerId.eq(id))
        }
        Err(_) => mentions(q),
    }
}
