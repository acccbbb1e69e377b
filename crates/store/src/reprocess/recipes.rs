//! With which recipes results were made, and which is the current one.

use anb_domain::VideoStatus;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, sea_query::OnConflict,
};

use crate::{
    Store, StoreError,
    entity::{
        recipes::{ActiveModel, Column, Entity},
        videos,
    },
};

/// The published videos, by the age of their recipe.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecipeCount {
    /// What workers make now; `None` before the first has said.
    pub current: Option<String>,
    pub announced_at: Option<DateTime<Utc>>,
    pub published: u64,
    /// Made with another recipe, or nobody knows with which.
    pub older: u64,
}

impl Store {
    /// A worker begins to work with this recipe: it is the current one.
    pub async fn announce_recipe(&self, fingerprint: &str) -> Result<(), StoreError> {
        let row =
            ActiveModel { fingerprint: Set(fingerprint.to_owned()), announced_at: Set(self.now()) };
        let again =
            OnConflict::column(Column::Fingerprint).update_column(Column::AnnouncedAt).to_owned();
        let insert = Entity::insert(row).on_conflict(again);
        insert.exec_without_returning(self.db.writer()).await?;
        Ok(())
    }

    /// How many published videos there are, and how many of an older recipe.
    pub async fn recipe_count(&self) -> Result<RecipeCount, StoreError> {
        let current = Entity::find()
            .order_by_desc(Column::AnnouncedAt)
            .order_by_asc(Column::Fingerprint)
            .one(self.db.reader())
            .await?;
        let (current, announced_at) =
            current.map(|row| (row.fingerprint, row.announced_at)).unzip();
        let published = videos::Entity::find()
            .filter(videos::Column::Status.eq(VideoStatus::Completed.as_str()));
        let of_current =
            published.clone().filter(videos::Column::Recipe.eq(current.as_deref().unwrap_or("")));
        let published = published.count(self.db.reader()).await?;
        let of_current = of_current.count(self.db.reader()).await?;
        Ok(RecipeCount {
            current,
            announced_at,
            published,
            older: published.saturating_sub(of_current),
        })
    }
}
