use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, json_binary, json_binary_null, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(attempts()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn attempts() -> TableCreateStatement {
    let video = ForeignKey::create()
        .name("attempts_video")
        .from("attempts", "video_id")
        .to("videos", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    Table::create()
        .table("attempts")
        .col(uuid("id").primary_key())
        .col(uuid("video_id"))
        .col(integer("no"))
        .col(uuid("token"))
        .col(text("worker"))
        .col(text("receipt"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("heartbeat_at"))
        .col(timestamp_with_time_zone("lease_until"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .col(text_null("outcome"))
        .col(text_null("failure_code"))
        .col(json_binary_null("failure"))
        .col(integer("progress"))
        .col(json_binary("steps"))
        .col(timestamp_with_time_zone_null("purged_at"))
        .check(Expr::cust("outcome IN ('published', 'rejected', 'failed', 'lost')"))
        .check(Expr::cust("(outcome IS NULL) = (finished_at IS NULL)"))
        .check(Expr::cust("progress BETWEEN 0 AND 100"))
        .foreign_key(&mut video.clone())
        .take()
}

fn indices() -> [IndexCreateStatement; 4] {
    let index = |name| Index::create().name(name).table("attempts").take();
    let running = || Expr::col("finished_at").is_null();
    [
        index("attempts_by_no").unique().col("video_id").col("no").take(),
        // At most one attempt of a video runs.
        index("attempts_running").unique().col("video_id").and_where(running()).take(),
        index("attempts_by_lease").col("lease_until").and_where(running()).take(),
        index("attempts_to_purge")
            .col("finished_at")
            .and_where(Expr::col("purged_at").is_null())
            .and_where(Expr::cust("outcome <> 'published'"))
            .take(),
    ]
}
