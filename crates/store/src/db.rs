//! Connections. SQLite has one writer, here as in the file: a pool of a single
//! connection, so that writers queue up instead of failing with "locked".

use std::time::Duration;

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};

use crate::error::StoreError;

/// How to connect.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// `sqlite://path`, `sqlite::memory:` or `postgres://…`.
    pub url: String,
    pub max_connections: u32,
    pub acquire_timeout: Duration,
}

/// A database: a connection pool to write with and one to read with (the same
/// pool on PostgreSQL).
#[derive(Clone)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Db {
    /// Connects; creates an SQLite file (WAL, mode 0600) that is not there.
    pub async fn connect(options: &DbOptions) -> Result<Self, StoreError> {
        todo!()
    }

    /// Brings the schema up to this version. Safe to run from many processes
    /// at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// Whether the database answers and its schema is this version's.
    pub async fn check(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// For statements that write.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// For statements that only read.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a transaction that will write (`BEGIN IMMEDIATE` on SQLite: a
    /// deferred one that writes later fails at once instead of waiting).
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        todo!()
    }
}
