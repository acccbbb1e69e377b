//! People and their roles.

use anb_domain::{Email, PersonName, Place, PlayerId, Role};
use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{Store, StoreError};

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
        todo!()
    }

    pub async fn player(&self, id: PlayerId) -> Result<Option<Player>, StoreError> {
        todo!()
    }

    pub async fn player_by_email(&self, email: &Email) -> Result<Option<Player>, StoreError> {
        todo!()
    }

    /// Removes a person: votes are withdrawn (totals follow), videos become
    /// tombstones whose objects the reconciler purges, and the row goes, so
    /// that the address is free again. One transaction.
    pub async fn delete_player(&self, id: PlayerId) -> Result<bool, StoreError> {
        todo!()
    }

    /// Gives a role to the person with this address; `None` if there is none.
    pub async fn grant_role(
        &self,
        email: &Email,
        role: Role,
    ) -> Result<Option<Player>, StoreError> {
        todo!()
    }

    /// Everybody, or everybody with `role`; by e-mail.
    pub async fn players(&self, role: Option<Role>) -> Result<Vec<Player>, StoreError> {
        todo!()
    }
}
