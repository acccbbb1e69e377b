use std::process::ExitCode;

use anb_config::Flag;
use clap::Args;

use super::service::{Announcer, Service, listen};
use crate::{
    args::{SettingsArgs, flag},
    logging,
    outside::{Outside, Role},
    platform::{Platform, require_shared_queue},
    shutdown,
};

const EXAMPLES: &str = "\
Examples:
  anb-video web
  anb-video web --listen 0.0.0.0:8000 --set web.trusted_proxies=1
  anb-video web --set web.public_url=https://showcase.example.com";

/// The public service: API, site, and the relay that sends what was uploaded
/// to the queue. Videos are worked on by `anb-video worker`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct WebArgs {
    #[command(flatten)]
    listen: ListenArgs,
}

#[derive(Debug, Default, Args)]
pub struct ListenArgs {
    /// Address and port to serve on [default: 0.0.0.0:8000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

impl ListenArgs {
    pub fn flags(&self) -> Vec<Flag> {
        self.listen.iter().map(|listen| flag("--listen", "web.listen", listen)).collect()
    }
}

impl WebArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = settings.load(self.listen.flags())?;
        let _traces = logging::init_service(&loaded, Role::Web)?;
        require_shared_queue(&loaded)?;
        let shutdown = shutdown::on_signals()?;
        let announcer = Announcer::new(&loaded);
        announcer.say(concat!("ANB Video ", env!("CARGO_PKG_VERSION"), ", public service"));
        announcer.say_places(&loaded);

        let listener = listen(&loaded)?;
        let address = listener.local_addr()?;
        let outside = Outside::open(&loaded, Role::Web)?;
        let platform = Platform::open_in_time(&loaded.settings, &shutdown).await?;
        let mut service = Service::new(platform, shutdown);
        service.start_telling(outside);
        service.start_web(listener);
        service.start_relay();
        announcer.say_address(address);
        service.finish().await
    }
}
