use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::load_for_tool;
use crate::{args::SettingsArgs, platform::open_store};

const EXAMPLES: &str = "\
Examples:
  anb-video migrate
  DATABASE_URL=postgres://anb@db/anb anb-video migrate";

/// Brings the database's schema up to this version. Migrations only move
/// forward and never break the version before; running it twice, or from many
/// processes at once, does no harm. Every service does the same at its start.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct MigrateArgs {}

impl MigrateArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = load_for_tool(settings)?;
        let store = open_store(&loaded.settings).await?;
        store.db().migrate().await.context("cannot migrate the database")?;
        anb_queue::table::migrate(store.db().writer())
            .await
            .context("cannot make the queue table")?;
        println!("The database is up to date.");
        Ok(ExitCode::SUCCESS)
    }
}
