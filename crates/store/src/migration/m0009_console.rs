//! Who may come into the console, who is in it, and what was done there.

use sea_orm::DbBackend;
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, json_binary, json_binary_null, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

/// What has been noted stays as it is, whoever writes to the table.
/// (SQLite's `INSERT OR REPLACE` removes rows without asking triggers of DELETE.)
const APPEND_ONLY_SQLITE: [&str; 3] = [
    "CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_log_is_never_shortened BEFORE DELETE ON audit_log \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_log_is_never_replaced BEFORE INSERT ON audit_log \
     WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
];
const APPEND_ONLY_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [audit_log(), console_sessions(), second_factors()] {
            manager.create_table(table).await?;
        }
        for index in indices() {
            manager.create_index(index).await?;
        }
        let append_only = match manager.get_database_backend() {
            DbBackend::Postgres => APPEND_ONLY_POSTGRES.as_slice(),
            _ => APPEND_ONLY_SQLITE.as_slice(),
        };
        for statement in append_only {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        let revoked = timestamp_with_time_zone_null("sessions_revoked_at");
        let players = Table::alter().table("players").add_column(revoked).take();
        manager.alter_table(players).await
    }
}

/// No foreign keys: the trace of a deed stays when those whom it is about have
/// gone.
fn audit_log() -> TableCreateStatement {
    Table::create()
        .table("audit_log")
        .col(uuid("id").primary_key())
        .col(timestamp_with_time_zone("at"))
        .col(uuid_null("actor_id"))
        .col(text("actor_name"))
        .col(text("actor_key"))
        .col(text("actor_role"))
        .col(text_null("address"))
        .col(text_null("agent"))
        .col(uuid_null("request_id"))
        .col(text("action"))
        .col(text("subject_kind"))
        .col(text("subject_id"))
        .col(json_binary_null("before"))
        .col(json_binary_null("after"))
        .col(text_null("reason"))
        .take()
}

fn console_sessions() -> TableCreateStatement {
    Table::create()
        .table("console_sessions")
        .col(uuid("id").primary_key())
        .col(text("token_hash").unique_key())
        .col(uuid("player_id"))
        .col(text("password_mark"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("verified_at"))
        .col(text_null("address"))
        .col(text_null("agent"))
        .foreign_key(&mut of_player("console_sessions"))
        .take()
}

fn second_factors() -> TableCreateStatement {
    Table::create()
        .table("second_factors")
        .col(uuid("player_id").primary_key())
        .col(text("sealed_secret"))
        .col(big_integer("last_step"))
        .col(json_binary("recovery"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("confirmed_at"))
        .foreign_key(&mut of_player("second_factors"))
        .take()
}

fn of_player(table: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_player"))
        .from(table.to_owned(), "player_id")
        .to("players", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn indices() -> [IndexCreateStatement; 5] {
    let audit = |name| Index::create().name(name).table("audit_log").take();
    [
        audit("audit_log_by_time").col("at").take(),
        audit("audit_log_by_actor").col("actor_id").col("id").take(),
        audit("audit_log_by_action").col("action").col("id").take(),
        audit("audit_log_by_subject").col("subject_kind").col("subject_id").col("id").take(),
        Index::create()
            .name("console_sessions_by_player")
            .table("console_sessions")
            .col("player_id")
            .take(),
    ]
}
