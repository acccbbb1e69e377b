use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(workers()).await?;
        manager.create_table(samples()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// A row for each worker that lives.
fn workers() -> TableCreateStatement {
    Table::create()
        .table("workers")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(text("host"))
        .col(text("version"))
        .col(integer("slots"))
        .col(integer("busy"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .check(Expr::cust("slots >= 0"))
        .check(Expr::cust("busy >= 0"))
        .take()
}

/// A row for each minute. The queue's figures are absent where it did not
/// answer.
fn samples() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("samples").col(timestamp_with_time_zone("minute").primary_key());
    for figure in ["visible", "in_flight", "delayed", "dead", "oldest_s"] {
        table.col(big_integer_null(figure));
    }
    for figure in ["unsent", "workers", "slots", "busy"] {
        table.col(big_integer(figure));
    }
    table.take()
}

fn indices() -> [IndexCreateStatement; 3] {
    let index = |name, table: &'static str| Index::create().name(name).table(table).take();
    [
        index("workers_by_seen_at", "workers").col("seen_at").take(),
        // Arrivals of a stretch of time, counted without reading a row.
        index("videos_by_arrival", "videos")
            .col("uploaded_at")
            .and_where(Expr::col("uploaded_at").is_not_null())
            .take(),
        // How attempts ended in a stretch of time, and what they cost: the
        // same.
        index("attempts_by_end", "attempts")
            .col("finished_at")
            .col("outcome")
            .col("failure_code")
            .col("task_ms")
            .col("video_id")
            .col("no")
            .and_where(Expr::col("finished_at").is_not_null())
            .take(),
    ]
}
