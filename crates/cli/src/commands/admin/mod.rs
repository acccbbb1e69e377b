//! What operators do.

mod reconcile;
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
    Reconcile(reconcile::ReconcileArgs),
}

impl AdminCommand {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = load_for_tool(settings)?;
        let settings = &loaded.settings;
        match self {
            Self::User(command) => command.execute(settings).await?,
            Self::Video(command) => command.execute(settings).await?,
            Self::Reconcile(args) => args.execute(&loaded).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
