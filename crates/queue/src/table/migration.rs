//! The table of the queue, step by step; forward only. It has its own list of
//! applied steps, because the queue may be told to live in another database
//! than the rows.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait hides the lifetime of SchemaManager, and an implementation must too"
)]

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, DynIden,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{self, ColumnDef, Iden, Index, IntoIden, Table},
};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

use crate::QueueError;

/// Brings the table of the queue up to this version. Safe to run from many
/// processes at once: they take turns.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), QueueError> {
    if Migrator::get_pending_migrations_read_only(db).await?.is_empty() {
        return Ok(());
    }
    let turn = begin_turn(db).await?;
    Migrator::up(&turn, None).await?;
    turn.commit().await?;
    Ok(())
}

/// A transaction that only one process at a time can have: SQLite knows one
/// writer, PostgreSQL hands out a lock that ends with the transaction.
async fn begin_turn(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('anb_queue_migrations'))";
    let turn = db
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    if turn.get_database_backend() == DbBackend::Postgres {
        turn.execute_unprepared(LOCK).await?;
    }
    Ok(turn)
}

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(CreateMessages)]
    }

    fn migration_table_name() -> DynIden {
        "queue_migrations".into_iden()
    }
}

#[derive(Iden)]
enum QueueMessages {
    Table,
    Id,
    Body,
    Traceparent,
    SentAtUs,
    VisibleAtUs,
    ReceiveCount,
    Token,
    DeadAtUs,
}

struct CreateMessages;

impl MigrationName for CreateMessages {
    fn name(&self) -> &'static str {
        "m0001_create_messages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateMessages {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use QueueMessages as Q;
        let table = Table::create()
            .table(Q::Table)
            .col(ColumnDef::new(Q::Id).uuid().primary_key())
            .col(ColumnDef::new(Q::Body).text().not_null())
            .col(ColumnDef::new(Q::Traceparent).text())
            .col(ColumnDef::new(Q::SentAtUs).big_integer().not_null())
            .col(ColumnDef::new(Q::VisibleAtUs).big_integer().not_null())
            .col(ColumnDef::new(Q::ReceiveCount).integer().not_null())
            .col(ColumnDef::new(Q::Token).uuid())
            .col(ColumnDef::new(Q::DeadAtUs).big_integer())
            .to_owned();
        let due = Index::create()
            .name("queue_messages_due")
            .table(Q::Table)
            .col(Q::DeadAtUs)
            .col(Q::VisibleAtUs)
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(due).await
    }
}
