//! Names the request, finds out who asks in which language, and logs one line
//! when it has been answered.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Instant,
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderValue;
use tracing::{Instrument as _, field};

use crate::{client, language, request::RequestContext, state::AppState, trace};

const REQUEST_ID: &str = "x-request-id";

pub async fn establish(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let context = context_of(&app, &request);
    let span = span_of(&request, &context);
    let id = context.id;
    request.extensions_mut().insert(context);

    async move {
        let started = Instant::now();
        let mut response = next.run(request).await;
        if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), duration_ms, "request");
        response
    }
    .instrument(span)
    .await
}

fn context_of(app: &AppState, request: &Request) -> RequestContext {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let settings = &app.settings;
    let headers = request.headers();
    RequestContext {
        id: app.ids.unguessable(),
        language: language::negotiate(headers, settings.showcase.default_language),
        traceparent: trace::traceparent(headers, app.ids.as_ref()),
        client: client::address(headers, peer, settings.web.trusted_proxies),
    }
}

/// The route's template, never the address itself: addresses carry tokens.
fn span_of(request: &Request, context: &RequestContext) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    tracing::info_span!(
        "request",
        request_id = %context.id,
        method = %request.method(),
        route,
        client = %context.client,
        video_id = field::Empty,
    )
}
