use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, double_null, integer, json_binary_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(videos()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn videos() -> TableCreateStatement {
    Table::create()
        .table("videos")
        .col(uuid("id").primary_key())
        .col(uuid("owner_id"))
        .col(text("title"))
        .col(text("title_key"))
        .col(text("status"))
        .col(integer("attempt"))
        .col(integer("tries"))
        .col(big_integer_null("size_bytes"))
        .col(text_null("sha256"))
        .col(text_null("content_type"))
        .col(text_null("traceparent"))
        .col(json_binary_null("failure"))
        .col(double_null("duration_s"))
        .col(big_integer("votes"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("upload_expires_at"))
        .col(timestamp_with_time_zone_null("uploaded_at"))
        .col(timestamp_with_time_zone_null("queued_at"))
        .col(timestamp_with_time_zone_null("processed_at"))
        .col(timestamp_with_time_zone_null("deleted_at"))
        .col(timestamp_with_time_zone_null("purged_at"))
        .check(Expr::cust(
            "status IN ('uploading', 'pending', 'processing', 'completed', 'rejected', \
             'failed', 'deleted')",
        ))
        .check(Expr::cust("votes >= 0"))
        .check(Expr::cust("attempt >= 0"))
        .check(Expr::cust("tries >= 0"))
        .take()
}

fn indices() -> [IndexCreateStatement; 6] {
    let index = |name| Index::create().name(name).table("videos").take();
    [
        // A player's own list.
        index("videos_by_owner").col("owner_id").col("id").take(),
        // The public list, newest first; the operators' list.
        index("videos_by_status").col("status").col("id").take(),
        // The public list, most votes first.
        index("videos_by_votes").col("status").col("votes").col("id").take(),
        // What the reconciler looks for: each holds few rows at any time.
        index("videos_queued")
            .col("queued_at")
            .and_where(Expr::col("queued_at").is_not_null())
            .take(),
        index("videos_expiring")
            .col("upload_expires_at")
            .and_where(Expr::col("upload_expires_at").is_not_null())
            .take(),
        index("videos_to_purge")
            .col("deleted_at")
            .and_where(Expr::col("deleted_at").is_not_null())
            .and_where(Expr::col("purged_at").is_null())
            .take(),
    ]
}
