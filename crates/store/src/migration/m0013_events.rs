use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, integer, integer_null, json_binary_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [events(), recipes(), runs(), jobs()] {
            manager.create_table(table).await?;
        }
        for column in attempt_columns() {
            let table = Table::alter().table("attempts").add_column(column).take();
            manager.alter_table(table).await?;
        }
        for column in video_columns() {
            let table = Table::alter().table("videos").add_column(column).take();
            manager.alter_table(table).await?;
        }
        for index in indices() {
            manager.create_index(index).await?;
        }
        keep_events(manager).await
    }
}

fn of_video(name: &str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table, "video_id")
        .to("videos", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn events() -> TableCreateStatement {
    Table::create()
        .table("video_events")
        .col(uuid("id").primary_key())
        .col(uuid("video_id"))
        .col(timestamp_with_time_zone("at"))
        .col(text("kind"))
        .col(integer_null("attempt"))
        .col(text_null("actor"))
        .col(json_binary_null("detail"))
        .foreign_key(&mut of_video("video_events_video", "video_events"))
        .take()
}

/// With which recipes workers have worked.
fn recipes() -> TableCreateStatement {
    Table::create()
        .table("recipes")
        .col(text("fingerprint").primary_key())
        .col(timestamp_with_time_zone("announced_at"))
        .take()
}

fn runs() -> TableCreateStatement {
    Table::create()
        .table("reprocess_runs")
        .col(uuid("id").primary_key())
        .col(text("scope"))
        .col(text("state"))
        .col(text("by_name"))
        .col(timestamp_with_time_zone("started_at"))
        .check(Expr::cust("scope IN ('all', 'older', 'one')"))
        .check(Expr::cust("state IN ('going', 'paused', 'stopped')"))
        .take()
}

fn jobs() -> TableCreateStatement {
    let run = ForeignKey::create()
        .name("reprocess_jobs_run")
        .from("reprocess_jobs", "run_id")
        .to("reprocess_runs", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    Table::create()
        .table("reprocess_jobs")
        .col(uuid("run_id"))
        .col(uuid("video_id"))
        .col(text("state"))
        .col(integer("tries"))
        .col(text_null("pacer"))
        .col(timestamp_with_time_zone("wanted_at"))
        .col(timestamp_with_time_zone_null("queued_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(json_binary_null("failure"))
        .primary_key(Index::create().col("run_id").col("video_id"))
        .check(Expr::cust("state IN ('wanted', 'queued', 'running', 'done', 'kept', 'dropped')"))
        .foreign_key(&mut of_video("reprocess_jobs_video", "reprocess_jobs"))
        .foreign_key(&mut run.clone())
        .take()
}

fn attempt_columns() -> [ColumnDef; 3] {
    let mut reprocess = boolean("reprocess");
    reprocess.default(false);
    [text_null("log_tail"), reprocess, timestamp_with_time_zone_null("replaced_at")]
}

fn video_columns() -> [ColumnDef; 2] {
    let mut highest = integer("reprocess_attempt");
    highest.default(0);
    [text_null("recipe"), highest]
}

fn indices() -> [IndexCreateStatement; 4] {
    let index = |name, table| Index::create().name(name).table(table).take();
    [
        index("video_events_by_video", "video_events").col("video_id").col("id").take(),
        // A video is made again once at a time.
        index("reprocess_jobs_open", "reprocess_jobs")
            .unique()
            .col("video_id")
            .and_where(Expr::cust("state IN ('wanted', 'queued', 'running')"))
            .take(),
        index("reprocess_jobs_by_state", "reprocess_jobs").col("state").col("wanted_at").take(),
        index("attempts_replaced", "attempts")
            .col("replaced_at")
            .and_where(Expr::cust("replaced_at IS NOT NULL AND purged_at IS NULL"))
            .take(),
    ]
}

/// What has happened is never written again; it goes only with its video.
async fn keep_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => {
            "CREATE FUNCTION video_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'video_events is append-only'; END $$;
             CREATE TRIGGER video_events_are_kept BEFORE UPDATE ON video_events
             FOR EACH ROW EXECUTE FUNCTION video_events_are_kept()"
        }
        _ => {
            "CREATE TRIGGER video_events_are_kept BEFORE UPDATE ON video_events
             BEGIN SELECT RAISE(ABORT, 'video_events is append-only'); END"
        }
    };
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}
