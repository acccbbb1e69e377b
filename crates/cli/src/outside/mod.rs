//! What is seen of a process from outside, besides what it serves: its figures
//! (docs/metrics.md).

mod emf;
mod listener;
mod sampler;

use std::{env, net::TcpListener, time::Duration};

use anb_config::Loaded;
use anb_telemetry::Recorder;
use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::platform::Platform;
use listener::Page;
use sampler::Sampler;

/// Which parts of the service a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Web,
    Console,
    Worker,
    /// All three.
    Run,
}

impl Role {
    /// By what traces know it.
    pub fn service(self) -> &'static str {
        match self {
            Self::Web => "anb-video-web",
            Self::Console => "anb-video-console",
            Self::Worker => "anb-video-worker",
            Self::Run => "anb-video",
        }
    }

    /// Whether it tells `CloudWatch` of what concerns the whole service: the one
    /// role that always runs.
    fn tells_of_all(self) -> bool {
        matches!(self, Self::Web | Self::Run)
    }
}

/// Figures of this process, if somebody asks for them.
pub struct Outside {
    role: Role,
    asked: Option<(TcpListener, Recorder)>,
    emf: bool,
}

impl Outside {
    /// Takes the port, and keeps figures from now on.
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub fn open(loaded: &Loaded, role: Role) -> anyhow::Result<Self> {
        let metrics = &loaded.settings.metrics;
        let asked = match metrics.listen {
            Some(address) => {
                let socket = crate::commands::bind(address, "metrics.listen")?;
                Some((socket, Recorder::install(env!("CARGO_PKG_VERSION"))?))
            }
            None => None,
        };
        Ok(Self { role, asked, emf: metrics.emf.unwrap_or_else(on_ecs) })
    }

    /// Tells of `platform` until `stop`.
    ///
    /// # Errors
    /// The socket cannot be used.
    pub async fn tell(self, platform: Platform, stop: CancellationToken) -> anyhow::Result<()> {
        let Self { role, asked, emf } = self;
        let settings = platform.settings.metrics.clone();
        if asked.is_none() && !emf {
            stop.cancelled().await;
            return Ok(());
        }
        let sampler = Sampler::new(platform.operations(), emf && role.tells_of_all());
        let looks = sampler.look_every(Duration::from_secs(settings.sample_s));
        let sampling = stop.run_until_cancelled(looks);
        let page = async {
            match asked {
                Some((socket, recorder)) => {
                    let page = Page::new(recorder, sampler.seen());
                    listener::serve(page, socket, settings.max_connections, stop.clone()).await
                }
                None => Ok(()),
            }
        };
        let lines = async {
            if emf {
                emf::write_lines(&settings.emf_project, platform.clock.as_ref(), &stop).await;
            }
        };
        let (_, served, ()) = tokio::join!(sampling, page, lines);
        served.context("metrics are not served")
    }
}

fn on_ecs() -> bool {
    env::var_os("ECS_CONTAINER_METADATA_URI_V4").is_some_and(|address| !address.is_empty())
}
