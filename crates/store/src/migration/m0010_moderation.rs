use sea_orm_migration::{
    prelude::*,
    schema::{
        text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite adds no more.
        let at = timestamp_with_time_zone_null("visibility_at");
        for column in [visibility(), text_null("visibility_reason"), at] {
            let column = Table::alter().table("videos").add_column(column).take();
            manager.alter_table(column).await?;
        }
        manager.create_table(reports()).await?;
        for index in video_indices().into_iter().chain(report_indices()) {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// What there is already stays public, and so is what the version before this
/// one adds while it still runs.
fn visibility() -> ColumnDef {
    let names = Expr::cust("visibility IN ('public', 'awaiting', 'hidden', 'disqualified')");
    ColumnDef::new("visibility").text().not_null().default("public").check(names).take()
}

/// What the public sees, read as before: each takes the place of the index
/// that has its name without `shown`, which goes once no version needs it.
fn video_indices() -> [IndexCreateStatement; 4] {
    let index =
        |name| Index::create().name(name).table("videos").col("status").col("visibility").take();
    [
        // Newest first; also what awaits approval.
        index("videos_shown_by_status").col("id").take(),
        index("videos_shown_by_votes").col("votes").col("id").take(),
        index("videos_shown_by_status_and_owner").col("owner_id").col("votes").take(),
        index("videos_shown_by_title").col("id").col("owner_id").col("title_key").take(),
    ]
}

fn reports() -> TableCreateStatement {
    Table::create()
        .table("reports")
        .col(uuid("id").primary_key())
        .col(uuid("video_id"))
        // Of the player who reports; nobody's for a visitor without account.
        .col(uuid_null("reporter_id"))
        // Tells visitors apart, but not who they are.
        .col(text("visitor"))
        .col(text("reason"))
        .col(text("note"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("resolved_at"))
        .col(text_null("resolution"))
        .foreign_key(
            ForeignKey::create()
                .name("reports_video")
                .from("reports", "video_id")
                .to("videos", "id"),
        )
        .check(Expr::cust(
            "reason IN ('wrong_person', 'offensive', 'not_own', 'copyright', 'other')",
        ))
        .check(Expr::cust("resolution IN ('dismissed', 'unpublished', 'disqualified')"))
        .take()
}

fn report_indices() -> [IndexCreateStatement; 3] {
    let index = |name| Index::create().name(name).table("reports").take();
    [
        // The rule: one report for each visitor and video.
        index("reports_by_video").col("video_id").col("visitor").unique().take(),
        // What is to be done: few rows at any time.
        index("reports_open").col("video_id").and_where(Expr::col("resolved_at").is_null()).take(),
        index("reports_by_reporter").col("reporter_id").take(),
    ]
}
