//! `GET /metrics` on a port of its own, and nothing else there.

use std::{io, net::TcpListener, time::Duration};

use anb_http::ServerLimits;
use anb_telemetry::{Recorder, catalogue::SAMPLE_AGE};
use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use tokio_util::sync::CancellationToken;

use super::sampler::Seen;

/// Of the text format.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Prometheus asks on a connection that it keeps; whoever says nothing for
/// longer is not Prometheus.
const HEADER_TIMEOUT: Duration = Duration::from_mins(2);
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_HEADER_BYTES: usize = 8 << 10;
/// An answer takes milliseconds, and nobody waits for it at the end.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// What the page is made from.
#[derive(Clone)]
pub struct Page {
    recorder: Recorder,
    seen: Seen,
}

impl Page {
    pub fn new(recorder: Recorder, seen: Seen) -> Self {
        Self { recorder, seen }
    }
}

/// Answers until `stop`.
///
/// # Errors
/// The socket cannot be used.
#[expect(clippy::disallowed_methods, reason = "no application: it has one page for all paths")]
pub async fn serve(
    page: Page,
    socket: TcpListener,
    max_connections: usize,
    stop: CancellationToken,
) -> Result<(), io::Error> {
    let limits = ServerLimits {
        max_connections,
        header_timeout: HEADER_TIMEOUT,
        max_header_bytes: MAX_HEADER_BYTES,
        write_timeout: WRITE_TIMEOUT,
        drain_timeout: DRAIN_TIMEOUT,
    };
    // No route of either application, and so none of the access table.
    let app = Router::new().fallback(answer).with_state(page);
    anb_http::serve(app, socket, limits, stop).await
}

async fn answer(State(page): State<Page>, request: Request) -> Response {
    if request.uri().path() != "/metrics" {
        return StatusCode::NOT_FOUND.into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    SAMPLE_AGE.set(page.seen.ago().as_secs_f64(), []);
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], page.recorder.render()).into_response()
}
