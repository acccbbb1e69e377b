//! Application 1: the JSON API and the public site.
//!
//! [`router`] is the whole application as a tower service; [`serve`] puts it
//! behind a listener with the defences that only a server can have.

mod api;
mod auth;
mod catalogue;
mod described;
mod docs;
mod extract;
mod footprint;
mod health;
mod limits;
mod links;
mod measure;
mod media;
mod middleware;
mod problem;
mod ready;
mod recent;
mod registration;
mod routes;
mod server;
mod site;
mod state;
mod upload;

use std::sync::Arc;

use anb_blob::{BlobStore, LinkSigner};
use anb_config::Settings;
use anb_contest::Contest;
use anb_domain::{Clock, IdSource, keys::KeyLayout};
use anb_http::{access::Application, request};
use anb_queue::{JobQueue, Pulse};
use anb_store::Store;
use axum::Router;
use secrecy::SecretString;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use anb_auth::HashCost;
pub use problem::Code;
pub use server::{serve, serve_with};
pub use site::assets;
use state::AppState;

/// Some of our routes.
type Routes = anb_http::access::Routes<AppState>;

/// What the application works with.
pub struct WebContext {
    pub store: Store,
    pub blobs: Arc<dyn BlobStore>,
    /// The signer of local storage's links, which lead to our `/media`; `None`
    /// when links go to the storage directly.
    pub links: Option<Arc<LinkSigner>>,
    /// Only asked whether it answers: messages are sent by the relay.
    pub queue: Arc<dyn JobQueue>,
    /// The pulse of the worker in this process; `None` when there is none.
    pub receive_pulse: Option<Arc<Pulse>>,
    pub layout: KeyLayout,
    /// Woken after each commit that wrote an outbox entry.
    pub outbox_wake: Arc<Notify>,
    pub settings: Arc<Settings>,
    /// What the console may have changed of the settings.
    pub contest: Contest,
    /// Signs access tokens.
    pub secret_key: SecretString,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

/// The application, for a server of the caller's choice. Client addresses are
/// taken from `ConnectInfo<SocketAddr>` where the server provides it.
pub fn router(context: WebContext) -> Router {
    router_with(context, HashCost::default(), CancellationToken::new())
}

/// Like [`router`], with another cost of hashing passwords (tests have no
/// time) and a token that ends event streams.
pub fn router_with(context: WebContext, cost: HashCost, shutdown: CancellationToken) -> Router {
    routes::router(AppState::new(context, cost, shutdown))
}

/// The description of the API (`OpenAPI` 3.1), made from its handlers.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes::openapi()
}
