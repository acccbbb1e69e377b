//! The contest as the console changes it, from a terminal.

mod export;
mod import;
mod show;

use anb_config::{Loaded, Settings};
use anb_contest::Contest;
use clap::Subcommand;

use crate::{failpoints, platform::open_current_store};

#[derive(Debug, Subcommand)]
pub enum ContestCommand {
    Show(show::ShowArgs),
    Export(export::ExportArgs),
    Import(import::ImportArgs),
}

impl ContestCommand {
    pub async fn execute(self, loaded: &Loaded) -> anyhow::Result<()> {
        match self {
            Self::Show(args) => args.execute(loaded).await,
            Self::Export(args) => args.execute(&loaded.settings).await,
            Self::Import(args) => args.execute(&loaded.settings).await,
        }
    }
}

async fn open(settings: &Settings) -> anyhow::Result<Contest> {
    let store = open_current_store(settings).await?;
    Ok(Contest::new(store, settings, failpoints::clock()))
}
