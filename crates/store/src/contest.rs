//! What operators have changed of the contest while it runs: one version after
//! the other, the latest in force, none ever changed.

use anb_domain::PlayerId;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, SqlErr,
    prelude::{Expr, Json},
    sea_query::{ExprTrait as _, OnConflict},
};
use thiserror::Error;

use crate::{
    Actor, Deed, Store, StoreError,
    entity::{brand_drafts, contest_settings as versions, jury_panels, videos},
    row::{count, to_i64, to_json, within_i64},
};

/// What was saved once. What is in the document is none of the store's
/// business.
#[derive(Debug, Clone, PartialEq)]
pub struct ContestVersion {
    /// Counted from 1.
    pub number: u64,
    pub document: Json,
    pub saved_at: DateTime<Utc>,
    /// The account, which may be gone; none of the terminal.
    pub saved_by: Option<PlayerId>,
    pub saved_by_name: String,
}

/// What is in a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CategoryUse {
    pub videos: u64,
    pub panels: u64,
}

#[derive(Debug, Error)]
pub enum SaveContestError {
    /// Somebody else has saved meanwhile.
    #[error("somebody else has changed the contest meanwhile")]
    Stale,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The number of the version in force; 0 when none was ever saved.
    pub async fn contest_number(&self) -> Result<u64, StoreError> {
        self.contest_number_in(self.db.reader()).await
    }

    async fn contest_number_in(
        &self,
        db: &impl sea_orm::ConnectionTrait,
    ) -> Result<u64, StoreError> {
        let highest = Expr::col(versions::Column::Number).max();
        let found = versions::Entity::find().select_only().expr_as(highest, "highest");
        let highest: Option<Option<i64>> = found.into_tuple().one(db).await?;
        count("contest_settings", "number", highest.flatten().unwrap_or(0))
    }

    pub async fn contest_version(&self, number: u64) -> Result<Option<ContestVersion>, StoreError> {
        let row = versions::Entity::find_by_id(to_i64(number)).one(self.db.reader()).await?;
        row.map(ContestVersion::try_from).transpose()
    }

    /// What was saved, latest first.
    pub async fn contest_versions(&self, limit: u64) -> Result<Vec<ContestVersion>, StoreError> {
        let rows = versions::Entity::find()
            .order_by_desc(versions::Column::Number)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(ContestVersion::try_from).collect()
    }

    /// Saves what follows version `base`, and notes it. The actor's draft of a
    /// brand is used up when the deed is about the brand.
    pub async fn save_contest(
        &self,
        actor: &Actor,
        base: u64,
        document: &Json,
        deed: Deed,
    ) -> Result<u64, SaveContestError> {
        let txn = self.db.begin().await?;
        if self.contest_number_in(&txn).await? != base {
            return Err(SaveContestError::Stale);
        }
        let number = base + 1;
        let row = versions::ActiveModel {
            number: Set(to_i64(number)),
            document: Set(to_json(document)?),
            saved_at: Set(self.now()),
            saved_by: Set(actor.id.map(|id| id.0)),
            saved_by_name: Set(actor.name.clone()),
        };
        match versions::Entity::insert(row).exec_without_returning(&txn).await {
            Ok(_) => {}
            Err(error) => match error.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => return Err(SaveContestError::Stale),
                _ => return Err(error.into()),
            },
        }
        if let (Some(id), anb_domain::Action::BRAND_CHANGED) = (actor.id, deed.action) {
            brand_drafts::Entity::delete_by_id(id.0).exec(&txn).await?;
        }
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(number)
    }

    /// How many videos and panels of the jury are in a category.
    pub async fn category_use(&self, category: &str) -> Result<CategoryUse, StoreError> {
        let db = self.db.reader();
        let videos = videos::Entity::find().filter(videos::Column::Category.eq(category));
        let panels = jury_panels::Entity::find().filter(jury_panels::Column::Category.eq(category));
        Ok(CategoryUse { videos: videos.count(db).await?, panels: panels.count(db).await? })
    }

    /// The brand that somebody tries out.
    pub async fn brand_draft(&self, player: PlayerId) -> Result<Option<Json>, StoreError> {
        let row = brand_drafts::Entity::find_by_id(player.0).one(self.db.reader()).await?;
        Ok(row.map(|row| row.document))
    }

    /// Keeps it, in place of what they tried out before.
    pub async fn keep_brand_draft(
        &self,
        player: PlayerId,
        document: &Json,
    ) -> Result<(), StoreError> {
        let row = brand_drafts::ActiveModel {
            player_id: Set(player.0),
            document: Set(to_json(document)?),
            saved_at: Set(self.now()),
        };
        let replace = OnConflict::column(brand_drafts::Column::PlayerId)
            .update_columns([brand_drafts::Column::Document, brand_drafts::Column::SavedAt])
            .to_owned();
        let kept = brand_drafts::Entity::insert(row).on_conflict(replace);
        kept.exec_without_returning(self.db.writer()).await?;
        Ok(())
    }

    pub async fn drop_brand_draft(&self, player: PlayerId) -> Result<(), StoreError> {
        let mine = brand_drafts::Column::PlayerId.eq(player.0);
        brand_drafts::Entity::delete_many().filter(mine).exec(self.db.writer()).await?;
        Ok(())
    }
}

impl TryFrom<versions::Model> for ContestVersion {
    type Error = StoreError;

    fn try_from(row: versions::Model) -> Result<Self, StoreError> {
        Ok(Self {
            number: count("contest_settings", "number", row.number)?,
            document: row.document,
            saved_at: row.saved_at,
            saved_by: row.saved_by.map(PlayerId),
            saved_by_name: row.saved_by_name,
        })
    }
}
