//! Connections. SQLite has one writer, here as in the file: a pool of a single
//! connection, so that writers queue up instead of failing with "locked".

mod options;
mod pool;
mod postgres;

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use sea_orm_migration::MigratorTrait;

pub use options::{DbOptions, Limits, TlsMode, TlsOptions};
pub use pool::PoolState;

use crate::{
    error::StoreError,
    migration::{self, Migrator},
};

/// How long an SQLite writer waits for one in another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Names our advisory lock among those of other programs: "anb-migr".
const MIGRATION_LOCK: i64 = i64::from_be_bytes(*b"anb-migr");

/// Waits until no other process migrates, however long that takes. After that,
/// a migration may take its time as well, but not the locks that the services
/// wait for behind it.
const ALONE: &str = "\
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
SET LOCAL idle_in_transaction_session_timeout = 0";
const PATIENT_NO_LONGER: &str = "SET LOCAL lock_timeout TO DEFAULT";

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
        match options.url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => {
                let connection = postgres::connect(options).await?;
                Ok(Self { writer: connection.clone(), reader: connection })
            }
            Some(("sqlite", _)) => Self::sqlite(options).await,
            _ => Err(StoreError::Open("use sqlite://path or postgres://host/name".into())),
        }
    }

    async fn sqlite(options: &DbOptions) -> Result<Self, StoreError> {
        let file: SqliteConnectOptions = options
            .url
            .parse()
            .map_err(|error: sea_orm::sqlx::Error| StoreError::Open(error.to_string()))?;
        // A database in memory lives in its only connection.
        let in_memory = options.url.contains(":memory:") || options.url.contains("mode=memory");
        if !in_memory {
            create_private(file.get_filename())?;
        }

        let mut writer = pool(options, options.url.clone());
        writer
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .map_sqlx_sqlite_opts(durable);
        let writer = Database::connect(writer).await?;
        if in_memory {
            return Ok(Self { reader: writer.clone(), writer });
        }

        let mut reader = pool(options, options.url.clone());
        reader
            .max_connections(options.max_connections.max(1))
            .map_sqlx_sqlite_opts(|file| durable(file).pragma("query_only", "ON"));
        let reader = Database::connect(reader).await?;
        Ok(Self { writer, reader })
    }

    /// Brings the schema up to this version. Safe to run from many processes
    /// at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if migration::pending(&self.reader).await?.is_empty() {
            return Ok(());
        }
        // One transaction, one process at a time: SQLite's `BEGIN IMMEDIATE`
        // sees to it by itself.
        let txn = self.begin().await?;
        if txn.get_database_backend() == DbBackend::Postgres {
            txn.execute_unprepared(ALONE).await?;
            txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                .await?;
            txn.execute_unprepared(PATIENT_NO_LONGER).await?;
        }
        Migrator::up(&txn, None).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Whether the database answers and its schema is this version's, or a
    /// later one's.
    pub async fn check(&self) -> Result<(), StoreError> {
        let missing = migration::pending(&self.reader).await?;
        if missing.is_empty() { Ok(()) } else { Err(StoreError::Outdated { missing }) }
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
    ///
    /// In a task of its own, because it must not be cut off when a client goes
    /// away: the driver would give the connection back to the pool with a
    /// transaction open of which it knows nothing, and whoever gets it next
    /// would write without ever committing.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let writer = self.writer.clone();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begun = tokio::spawn(async move { writer.begin_with_options(options).await });
        begun.await.map_err(|error| DbErr::Custom(format!("no transaction begun: {error}")))?
    }
}

fn pool(options: &DbOptions, url: String) -> ConnectOptions {
    let mut pool = ConnectOptions::new(url);
    // Statements stay out of log and traces: the repositories say what is done.
    pool.sqlx_logging(false)
        .record_stmt_in_spans(false)
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout);
    pool
}

/// What is acknowledged survives a power cut: WAL with a sync at each commit.
fn durable(file: SqliteConnectOptions) -> SqliteConnectOptions {
    file.journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
}

/// Creates the file if it is not there, readable by its owner alone. SQLite
/// gives the files beside it (`-wal`, `-shm`) the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    use std::{io::ErrorKind, os::unix::fs::OpenOptionsExt as _};

    // A file that is there is not even opened: closing it would drop the locks
    // that this process holds on it.
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(StoreError::Open(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}
