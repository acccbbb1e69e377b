//! What operators do.

mod contest;
mod export;
mod queue;
mod reconcile;
mod reprocess;
mod user;
mod video;

use std::process::ExitCode;

use clap::Subcommand;

use super::load_for_tool;
use crate::args::SettingsArgs;

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Grant roles and list people
    #[command(subcommand)]
    User(user::UserCommand),
    /// List, show and retry videos
    #[command(subcommand)]
    Video(video::VideoCommand),
    /// Look after the queue and its dead letters
    #[command(subcommand)]
    Queue(queue::QueueCommand),
    /// Show, export and import what is saved of the contest while it runs
    #[command(subcommand)]
    Contest(contest::ContestCommand),
    Reconcile(reconcile::ReconcileArgs),
    Export(export::ExportArgs),
}

impl AdminCommand {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = load_for_tool(settings)?;
        let settings = &loaded.settings;
        match self {
            Self::User(command) => command.execute(settings).await?,
            Self::Video(command) => command.execute(settings).await?,
            Self::Queue(command) => command.execute(&loaded).await?,
            Self::Contest(command) => command.execute(&loaded).await?,
            Self::Reconcile(args) => args.execute(&loaded).await?,
            Self::Export(args) => args.execute(settings).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
