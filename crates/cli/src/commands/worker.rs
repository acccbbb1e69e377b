use std::process::ExitCode;

use anb_config::Flag;
use clap::Args;

use super::service::{Announcer, Service, listen_for_worker};
use crate::{
    args::{SettingsArgs, flag},
    logging,
    outside::{Outside, Role},
    platform::{Platform, require_shared_queue},
    shutdown,
};

const EXAMPLES: &str = "\
Examples:
  anb-video worker
  anb-video worker --slots 4
  anb-video worker --set media.quality=economy --set worker.drain_timeout_s=100";

/// Works on videos: receives jobs, processes and publishes them; relays
/// messages and mends what others left half done.
///
/// SIGTERM: no new jobs, running ones are finished or handed back. A second
/// SIGTERM hands everything back at once.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, verbatim_doc_comment)]
pub struct WorkerArgs {
    #[command(flatten)]
    slots: SlotArgs,
}

#[derive(Debug, Default, Args)]
pub struct SlotArgs {
    /// Videos worked on at the same time [default: by the number of cores]
    #[arg(long, value_name = "N")]
    slots: Option<String>,
}

impl SlotArgs {
    pub fn flags(&self) -> Vec<Flag> {
        self.slots.iter().map(|slots| flag("--slots", "worker.slots", slots)).collect()
    }
}

impl WorkerArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = settings.load(self.slots.flags())?;
        let _traces = logging::init_service(&loaded, Role::Worker)?;
        require_shared_queue(&loaded)?;
        let shutdown = shutdown::on_signals()?;
        let announcer = Announcer::new(&loaded);
        announcer.say(concat!("ANB Video ", env!("CARGO_PKG_VERSION"), ", worker"));
        announcer.say_places(&loaded);

        let listener = listen_for_worker(&loaded)?;
        let outside = Outside::open(&loaded, Role::Worker)?;
        let platform = Platform::open_in_time(&loaded.settings, &shutdown).await?.with_worker();
        let mut service = Service::new(platform, shutdown);
        service.start_telling(outside);
        service.start_relay();
        service.start_webhooks();
        service.answer_for_worker(listener);
        service.start_worker();
        announcer.say("Waiting for videos. Stop with Ctrl-C.");
        service.finish().await
    }
}
