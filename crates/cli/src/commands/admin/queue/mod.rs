//! The queue and its dead letters.

mod peek;
mod purge;
mod redrive;
mod status;

use anb_config::Loaded;
use clap::Subcommand;

use crate::platform::{Platform, require_shared_queue};

#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    Status(status::StatusArgs),
    PeekDlq(peek::PeekArgs),
    Redrive(redrive::RedriveArgs),
    Purge(purge::PurgeArgs),
}

impl QueueCommand {
    pub async fn execute(self, loaded: &Loaded) -> anyhow::Result<()> {
        require_shared_queue(loaded)?;
        let platform = Platform::open(&loaded.settings).await?;
        let operations = platform.operations();
        match self {
            Self::Status(args) => args.execute(&operations).await,
            Self::PeekDlq(args) => args.execute(&operations).await,
            Self::Redrive(args) => args.execute(&operations).await,
            Self::Purge(args) => args.execute(&platform).await,
        }
    }
}

/// `1 dead letter`, `2 dead letters`.
fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
