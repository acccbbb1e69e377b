use anb_config::Loaded;
use clap::Args;

use crate::platform::{Platform, require_shared_queue};

/// Mends what crashes, outages and lost messages have left half done. Workers
/// do the same every half minute (`worker.reconcile_s`).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin reconcile
  anb-video admin reconcile --sweep      Also compare all objects with all rows")]
pub struct ReconcileArgs {
    /// Also compare all objects with all rows, both ways
    #[arg(long)]
    sweep: bool,
}

impl ReconcileArgs {
    pub async fn execute(self, loaded: &Loaded) -> anyhow::Result<()> {
        require_shared_queue(loaded)?;
        let platform = Platform::open(&loaded.settings).await?;
        let reconciler = platform.reconciler();
        println!("{}", reconciler.quick().await?);
        if self.sweep {
            println!("{}", reconciler.sweep().await?);
        }
        let sent = anb_worker::relay::send_due(&platform.store, platform.queue.as_ref()).await?;
        println!("messages sent: {sent}");
        Ok(())
    }
}
