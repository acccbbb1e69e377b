//! Application 2: the operators' console. Its own process, so that what can
//! retry and redrive never runs inside the public service.
//!
//! [`router`] is the whole application as a tower service; [`serve`] puts it
//! behind a listener. Pages are made on the server; scripts make them livelier, and
//! none is needed.

mod actor;
mod chart;
mod cookies;
mod frame;
mod fresh;
mod health;
mod in_path;
mod live;
mod measure;
mod messages;
mod middleware;
mod navigation;
mod notice;
mod pages;
mod paging;
mod ready;
mod refusal;
mod routes;
mod second_factor;
mod session;
mod state;
mod video_path;
mod words;

use std::{io, sync::Arc, time::Duration};

use anb_blob::BlobStore;
use anb_config::{ConsoleSettings, Settings};
use anb_contest::Contest;
use anb_domain::{IdSource, keys::KeyLayout};
use anb_http::{ServerLimits, access::Application};
use anb_ops::{Operations, Sampler, Services};
use axum::Router;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

pub use anb_auth::HashCost;
use state::{AppState, Shared};

/// Some of our routes.
type Routes = anb_http::access::Routes<AppState>;

/// Below this path lies everything that people see.
pub const PREFIX: &str = "/console";

/// Bytes of a request head, and how long a client may take no bytes: nobody
/// needs other values for pages as small as these.
const MAX_HEADER_BYTES: usize = 16 << 10;
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// What the application works with.
pub struct ConsoleContext {
    pub operations: Operations,
    /// Signs links to originals and results.
    pub blobs: Arc<dyn BlobStore>,
    pub layout: KeyLayout,
    pub settings: Arc<Settings>,
    /// What has been changed of the settings, and is changed here.
    pub contest: Contest,
    /// Signs sessions.
    pub secret_key: SecretString,
    pub ids: Arc<dyn IdSource>,
    /// Whoever runs the services, if they can be asked about them.
    pub services: Option<Arc<dyn Services>>,
}

/// The application, for a server of the caller's choice. Client addresses are
/// taken from `ConnectInfo<SocketAddr>` where the server provides it. Pages that
/// keep themselves up to date stop doing so at `shutdown`.
pub fn router(context: ConsoleContext, cost: HashCost, shutdown: CancellationToken) -> Router {
    routes::router(&Arc::new(Shared::new(context, cost, shutdown)))
}

/// Serves until `shutdown`, then lets requests finish for at most
/// `console.drain_timeout_s`. `cost` is that of passwords whose owner is
/// unknown; tests have no time for the usual one.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    context: ConsoleContext,
    cost: HashCost,
    listener: std::net::TcpListener,
    shutdown: CancellationToken,
) -> Result<(), io::Error> {
    let limits = limits(&context.settings.console);
    let sampler = sampler(&context.operations);
    let router = router(context, cost, shutdown.clone());
    tokio::select! {
        served = anb_http::serve(router, listener, limits, shutdown) => served,
        never = sampler.run() => match never {},
    }
}

/// Takes samples too, so that there are some when no worker lives.
fn sampler(operations: &Operations) -> Sampler {
    Sampler {
        store: operations.store.clone(),
        queue: Arc::clone(&operations.queue),
        clock: Arc::clone(&operations.clock),
    }
}

fn limits(console: &ConsoleSettings) -> ServerLimits {
    ServerLimits {
        max_connections: console.max_connections,
        header_timeout: Duration::from_secs(console.header_timeout_s),
        max_header_bytes: MAX_HEADER_BYTES,
        write_timeout: WRITE_TIMEOUT,
        drain_timeout: Duration::from_secs(console.drain_timeout_s),
    }
}
