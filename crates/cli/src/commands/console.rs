use std::process::ExitCode;

use clap::Args;

use super::service::{Announcer, Service, listen_for_console};
use crate::{
    args::{SettingsArgs, flag},
    logging,
    outside::{Outside, Role},
    platform::{Platform, require_shared_queue},
    shutdown,
};

const EXAMPLES: &str = "\
Examples:
  anb-video console
  anb-video console --listen 0.0.0.0:8001 --set console.trusted_proxies=1
  anb-video admin user grant ana@example.com operator      Let somebody in";

/// The operators' console: sign in, see how videos and queue are doing, retry
/// what failed, redrive dead letters. Everything lies below /console.
///
/// Only people with the role operator or admin get in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConsoleArgs {
    /// Address and port to serve on [default: 0.0.0.0:8001]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

impl ConsoleArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let listen = self.listen.iter().map(|listen| flag("--listen", "console.listen", listen));
        let loaded = settings.load(listen.collect())?;
        let _traces = logging::init_service(&loaded, Role::Console)?;
        require_shared_queue(&loaded)?;
        let shutdown = shutdown::on_signals()?;
        let announcer = Announcer::new(&loaded);
        announcer.say(concat!("ANB Video ", env!("CARGO_PKG_VERSION"), ", console"));
        announcer.say_places(&loaded);

        let listener = listen_for_console(&loaded)?;
        announcer.say_console(listener.local_addr()?);
        let outside = Outside::open(&loaded, Role::Console)?;
        let platform = Platform::open_in_time(&loaded.settings, &shutdown).await?;
        let mut service = Service::new(platform, shutdown);
        service.start_telling(outside);
        service.start_console(listener);
        service.start_relay();
        announcer.say("Stop with Ctrl-C.");
        service.finish().await
    }
}
