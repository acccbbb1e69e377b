//! What can go wrong with the database itself. Rules that a call may break
//! have their own enums beside that call.

use sea_orm::DbErr;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database is unavailable: {0}")]
    Database(#[from] DbErr),
    /// The address is neither SQLite's nor PostgreSQL's, or the file cannot be
    /// created. The address itself is not shown: it may hold a password.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// The schema is older than this version.
    #[error("the database lacks {missing:?}: run `anb-video migrate`")]
    Outdated { missing: Vec<String> },
    /// A row holds what this version cannot read.
    #[error("{table}.{column} holds {value:?}, which this version does not know")]
    Corrupt { table: &'static str, column: &'static str, value: String },
}

/// Lets `?` carry a database's error into the error of a call.
macro_rules! from_database {
    ($($error:ty),+) => {$(
        impl From<DbErr> for $error {
            fn from(error: DbErr) -> Self {
                StoreError::from(error).into()
            }
        }
    )+};
}

from_database!(
    crate::CreatePlayerError,
    crate::DeleteVideoError,
    crate::RetryError,
    crate::VoteError
);
