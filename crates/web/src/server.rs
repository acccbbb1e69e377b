//! The application behind a listener.

use std::{io, time::Duration};

use anb_config::WebSettings;
use anb_http::ServerLimits;
use tokio_util::sync::CancellationToken;

use crate::{HashCost, WebContext, router_with};

/// Serves until `shutdown`, then lets requests finish for at most
/// `web.drain_timeout_s`.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    context: WebContext,
    listener: std::net::TcpListener,
    shutdown: CancellationToken,
) -> Result<(), io::Error> {
    serve_with(context, HashCost::default(), listener, shutdown).await
}

/// Like [`serve`], with another cost of hashing passwords.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve_with(
    context: WebContext,
    cost: HashCost,
    listener: std::net::TcpListener,
    shutdown: CancellationToken,
) -> Result<(), io::Error> {
    let limits = limits(&context.settings.web);
    let app = router_with(context, cost, shutdown.clone());
    anb_http::serve(app, listener, limits, shutdown).await
}

fn limits(web: &WebSettings) -> ServerLimits {
    ServerLimits {
        max_connections: web.max_connections,
        header_timeout: Duration::from_secs(web.header_timeout_s),
        max_header_bytes: web.max_header_bytes,
        write_timeout: Duration::from_secs(web.body_idle_timeout_s),
        drain_timeout: Duration::from_secs(web.drain_timeout_s),
    }
}
