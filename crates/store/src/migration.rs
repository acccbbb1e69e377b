//! The schema, step by step; forward only. A step that has been released is
//! never changed: what it wrote stays readable for the version that still
//! runs (expand first, contract one release later).

#![expect(
    elided_lifetimes_in_paths,
    reason = "MigrationTrait elides them, and its async methods must match to the letter"
)]

mod m0001_players;
mod m0002_videos;
mod m0003_attempts;
mod m0004_votes;
mod m0005_outbox;
mod m0006_part_uploads;
mod m0007_attempt_task_time;
mod m0008_showcase_indices;
mod m0009_console;
mod m0010_moderation;
mod m0011_vote_review;
mod m0012_workers_and_samples;
mod m0013_events;
mod m0014_jury;
mod m0015_contest;
mod m0016_webhooks;

use sea_orm::{
    ConnectionTrait, DbErr, DynIden,
    sea_query::{IntoIden, Query},
};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager, seaql_migrations};

const TABLE: &str = "store_migrations";

/// Applies the steps that a database lacks.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_players::Migration),
            Box::new(m0002_videos::Migration),
            Box::new(m0003_attempts::Migration),
            Box::new(m0004_votes::Migration),
            Box::new(m0005_outbox::Migration),
            Box::new(m0006_part_uploads::Migration),
            Box::new(m0007_attempt_task_time::Migration),
            Box::new(m0008_showcase_indices::Migration),
            Box::new(m0009_console::Migration),
            Box::new(m0010_moderation::Migration),
            Box::new(m0011_vote_review::Migration),
            Box::new(m0012_workers_and_samples::Migration),
            Box::new(m0013_events::Migration),
            Box::new(m0014_jury::Migration),
            Box::new(m0015_contest::Migration),
            Box::new(m0016_webhooks::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        TABLE.into_iden()
    }

    /// Leaves out the steps of newer versions, so that a task of the old
    /// version can still start while the new one is being rolled out.
    async fn get_migration_models<C: ConnectionTrait>(
        db: &C,
    ) -> Result<Vec<seaql_migrations::Model>, DbErr> {
        Self::install(db).await?;
        let known = names();
        let applied = applied(db).await?;
        Ok(applied
            .into_iter()
            .filter(|version| known.contains(version))
            .map(|version| seaql_migrations::Model { version, applied_at: 0 })
            .collect())
    }
}

/// The steps of this version that the database lacks. Only reads.
pub(crate) async fn pending<C>(db: &C) -> Result<Vec<String>, DbErr>
where
    C: ConnectionTrait,
    for<'c> &'c C: sea_orm_migration::IntoSchemaManagerConnection<'c>,
{
    let mut pending = names();
    if SchemaManager::new(db).has_table(TABLE).await? {
        let applied = applied(db).await?;
        pending.retain(|name| !applied.contains(name));
    }
    Ok(pending)
}

fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

async fn applied<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    let versions = Query::select().column("version").from(TABLE).to_owned();
    db.query_all(&versions).await?.iter().map(|row| row.try_get("", "version")).collect()
}
