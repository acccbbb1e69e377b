//! What can go wrong with the database itself. Rules that a call may break
//! have their own enums beside that call.

use sea_orm::DbErr;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database is unavailable: {0}")]
    Database(#[from] DbErr),
    /// A row holds what this version cannot read.
    #[error("{table}.{column} holds {value:?}, which this version does not know")]
    Corrupt { table: &'static str, column: &'static str, value: String },
}
