//! Videos as moderators list them: with whose they are.

use anb_domain::{VideoStatus, Visibility};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, Order, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::{
    Page, Player, Store, StoreError, Video,
    entity::{players, videos},
    row::{VideoRow, within_i64},
};

/// A video, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub video: Video,
    /// `None`: their account is gone.
    pub player: Option<Player>,
}

impl Store {
    /// How many results are seen by these.
    pub async fn seen_total(&self, visibility: Visibility) -> Result<u64, StoreError> {
        Ok(seen(visibility).count(self.db.reader()).await?)
    }

    /// Results that are seen by these. What awaits approval is worked off from
    /// the oldest on; of the others the newest comes first.
    pub async fn seen_by(
        &self,
        visibility: Visibility,
        limit: u64,
        skip: u64,
    ) -> Result<Page<Entry>, StoreError> {
        let order = if visibility == Visibility::Awaiting { Order::Asc } else { Order::Desc };
        let rows = seen(visibility)
            .order_by(videos::Column::Id, order)
            .limit(within_i64(limit))
            .offset(within_i64(skip));
        let items = entries(self.db.reader(), rows).await?;
        Ok(Page { items, total: self.seen_total(visibility).await? })
    }
}

fn seen(visibility: Visibility) -> Select<videos::Entity> {
    videos::Entity::find()
        .filter(videos::Column::Status.eq(VideoStatus::Completed.as_str()))
        .filter(videos::Column::Visibility.eq(visibility.as_str()))
}

/// These videos, each with its player.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    rows: Select<videos::Entity>,
) -> Result<Vec<Entry>, StoreError> {
    let rows = rows.find_also_related(players::Entity).all(db).await?;
    rows.into_iter()
        .map(|(video, player)| {
            Ok(Entry {
                video: Video::try_from(VideoRow { video, progress: None })?,
                player: player.map(Player::try_from).transpose()?,
            })
        })
        .collect()
}
