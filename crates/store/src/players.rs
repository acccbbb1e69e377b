//! People and their roles.

use anb_domain::{Email, PersonName, Place, PlayerId, Role, vote_review::Footprint};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, SqlErr,
    sea_query::{Expr, ExprTrait as _, LockType},
};
use thiserror::Error;

use crate::{
    Actor, Store, StoreError,
    entity::{players, videos, votes},
    jury::forget_juror,
    key::key,
    moderation::forget_reporter,
    review::forget_suspect,
    row::player_name,
    webhooks::forget_owner,
};

/// A registered person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    pub id: PlayerId,
    pub first_name: String,
    pub last_name: String,
    pub email: Email,
    /// PHC string of the password's hash.
    pub password_hash: String,
    pub city: String,
    pub country: String,
    pub role: Role,
    pub created_at: DateTime<Utc>,
    /// Sessions and access tokens from before are over.
    pub sessions_revoked_at: Option<DateTime<Utc>>,
}

/// A person about to be registered.
#[derive(Debug, Clone)]
pub struct NewPlayer {
    pub first_name: PersonName,
    pub last_name: PersonName,
    pub email: Email,
    pub password_hash: String,
    pub city: Place,
    pub country: Place,
    /// Where the sign-up comes from.
    pub from: Footprint,
}

#[derive(Debug, Error)]
pub enum CreatePlayerError {
    /// Somebody has registered with this address, in whatever case.
    #[error("the e-mail address is taken")]
    EmailTaken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    pub async fn create_player(&self, new: NewPlayer) -> Result<Player, CreatePlayerError> {
        let (first, last) = (new.first_name.into_string(), new.last_name.into_string());
        let row = players::Model {
            id: self.ids.sortable(),
            name_key: key(&player_name(&first, &last)),
            first_name: first,
            last_name: last,
            email: new.email.as_str().into(),
            email_key: new.email.canonical(),
            password_hash: new.password_hash,
            city_key: key(new.city.as_str()),
            country_key: key(new.country.as_str()),
            city: new.city.into_string(),
            country: new.country.into_string(),
            role: Role::default().as_str().into(),
            created_at: self.now(),
            sessions_revoked_at: None,
            signup_network: new.from.network,
            signup_device: new.from.device,
        };
        let insert = players::Entity::insert(players::ActiveModel::from(row.clone()));
        match insert.exec_without_returning(self.db.writer()).await {
            Ok(_) => Ok(row.try_into()?),
            Err(error) => match error.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => Err(CreatePlayerError::EmailTaken),
                _ => Err(error.into()),
            },
        }
    }

    pub async fn player(&self, id: PlayerId) -> Result<Option<Player>, StoreError> {
        let row = players::Entity::find_by_id(id.0).one(self.db.reader()).await?;
        row.map(Player::try_from).transpose()
    }

    pub async fn player_by_email(&self, email: &Email) -> Result<Option<Player>, StoreError> {
        let row = players::Entity::find()
            .filter(players::Column::EmailKey.eq(email.canonical()))
            .one(self.db.reader())
            .await?;
        row.map(Player::try_from).transpose()
    }

    /// Removes a person: votes are withdrawn (totals follow), videos become
    /// tombstones whose objects the reconciler purges, and the row goes, so
    /// that the address is free again. One transaction.
    pub async fn delete_player(&self, id: PlayerId) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let removed = self.remove_player(&txn, id).await?;
        txn.commit().await?;
        Ok(removed)
    }

    /// The same in somebody else's transaction.
    pub(crate) async fn remove_player(
        &self,
        txn: &DatabaseTransaction,
        id: PlayerId,
    ) -> Result<bool, StoreError> {
        let player = players::Entity::find_by_id(id.0).lock_exclusive().one(txn).await?;
        if player.is_none() {
            return Ok(false);
        }
        // All videos at stake are locked at once, in one order, so that two
        // accounts deleted at the same time cannot wait for each other.
        let mut voted = votes::Entity::find()
            .select_only()
            .column(votes::Column::VideoId)
            .filter(votes::Column::PlayerId.eq(id.0))
            .into_query();
        let rows = videos::Entity::find()
            .filter(
                Condition::any()
                    .add(videos::Column::OwnerId.eq(id.0))
                    .add(videos::Column::Id.in_subquery(voted.clone())),
            )
            .order_by_asc(videos::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;

        // A vote that was struck does not count already.
        let counting = voted.and_where(votes::Column::StruckAt.is_null()).take();
        videos::Entity::update_many()
            .col_expr(videos::Column::Votes, Expr::col(videos::Column::Votes).sub(1))
            .filter(videos::Column::Id.in_subquery(counting))
            .exec(txn)
            .await?;
        votes::Entity::delete_many().filter(votes::Column::PlayerId.eq(id.0)).exec(txn).await?;
        for row in rows.iter().filter(|row| row.owner_id == id.0) {
            self.bury(txn, row).await?;
        }
        forget_suspect(txn, id).await?;
        forget_reporter(txn, id).await?;
        forget_owner(txn, id).await?;
        forget_titles(txn, id).await?;
        forget_juror(txn, id).await?;
        players::Entity::delete_by_id(id.0).exec(txn).await?;
        Ok(true)
    }

    /// Gives a role to the person with this address, from the terminal; `None`
    /// if there is none.
    pub async fn grant_role(
        &self,
        email: &Email,
        role: Role,
    ) -> Result<Option<Player>, StoreError> {
        let txn = self.db.begin().await?;
        let found = players::Entity::find()
            .filter(players::Column::EmailKey.eq(email.canonical()))
            .lock_exclusive()
            .one(&txn)
            .await?;
        let Some(row) = found else { return Ok(None) };
        self.set_role(&txn, &Actor::terminal(), &row, role).await?;
        txn.commit().await?;
        let player = Player::try_from(row)?;
        Ok(Some(Player { role, ..player }))
    }

    /// Everybody, or everybody with `role`; by e-mail.
    pub async fn players(&self, role: Option<Role>) -> Result<Vec<Player>, StoreError> {
        let rows = players::Entity::find()
            .apply_if(role, |rows, role| rows.filter(players::Column::Role.eq(role.as_str())))
            .order_by_asc(players::Column::EmailKey)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(Player::try_from).collect()
    }
}

/// Whether the player is registered, and remains so until the transaction
/// ends.
pub(crate) async fn keep_player(
    txn: &DatabaseTransaction,
    id: PlayerId,
) -> Result<bool, StoreError> {
    lock_player(txn, id, LockType::KeyShare).await
}

/// Whether the player is registered; whose row is locked until the transaction
/// ends.
pub(crate) async fn lock_player(
    txn: &DatabaseTransaction,
    id: PlayerId,
    lock: LockType,
) -> Result<bool, StoreError> {
    let player = players::Entity::find_by_id(id.0).lock(lock).one(txn).await?;
    Ok(player.is_some())
}

/// What people write about themselves goes with them.
async fn forget_titles(txn: &DatabaseTransaction, owner: PlayerId) -> Result<(), StoreError> {
    videos::Entity::update_many()
        .set(videos::ActiveModel {
            title: Set(String::new()),
            title_key: Set(String::new()),
            visibility_reason: Set(None),
            ..Default::default()
        })
        .filter(videos::Column::OwnerId.eq(owner.0))
        .exec(txn)
        .await?;
    Ok(())
}
