use std::process::ExitCode;

use anb_config::Origin;
use clap::Args;

use super::{
    service::{Announcer, Service, listen, listen_for_console},
    web::ListenArgs,
    worker::SlotArgs,
};
use crate::{
    args::SettingsArgs,
    logging,
    outside::{Outside, Role},
    platform::Platform,
    shutdown,
};

const EXAMPLES: &str = "\
Examples:
  anb-video run
  anb-video run --demo                  Fill the showcase, too
  anb-video run --listen 127.0.0.1:9000 --slots 1
  anb-video run --data-dir /var/lib/anb --set media.quality=best
  anb-video run --set console.listen=127.0.0.1:9001
  DATABASE_URL=postgres://anb@db/anb SECRET_KEY=$(openssl rand -hex 32) anb-video run";

/// Web, console, worker and message relay in one process.
///
/// The first start makes the data folder, the database and a secret key.
#[derive(Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    #[command(flatten)]
    listen: ListenArgs,
    #[command(flatten)]
    slots: SlotArgs,
    /// Fill the showcase with clips, players and votes
    #[arg(long)]
    demo: bool,
}

impl RunArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let flags = self.listen.flags().into_iter().chain(self.slots.flags()).collect();
        let mut loaded = settings.load(flags)?;
        if self.demo && loaded.origin("log.filter") == Origin::Default {
            // Progress bars and a busy log do not go together.
            loaded.settings.log.filter = "warn".into();
        }
        let _traces = logging::init_service(&loaded, Role::Run)?;
        let shutdown = shutdown::on_signals()?;
        let announcer = Announcer::new(&loaded);
        announcer.say(concat!(
            "ANB Video ",
            env!("CARGO_PKG_VERSION"),
            ", web, console and worker in one process"
        ));
        announcer.say_places(&loaded);

        let listener = listen(&loaded)?;
        let console = listen_for_console(&loaded)?;
        let (address, console_address) = (listener.local_addr()?, console.local_addr()?);
        let outside = Outside::open(&loaded, Role::Run)?;
        let platform = Platform::open_in_time(&loaded.settings, &shutdown).await?.with_worker();
        let mut service = Service::new(platform, shutdown);
        service.start_telling(outside);
        service.start_web(listener);
        service.start_console(console);
        service.start_relay();
        service.start_webhooks();
        service.start_worker();
        announcer.say_console(console_address);
        announcer.say_address(address);
        if self.demo {
            service.start_demo(address);
        }
        service.finish().await
    }
}
