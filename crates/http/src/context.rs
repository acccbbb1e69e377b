//! Names the request, finds out who asks in which language, and logs one line
//! when it has been answered.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Instant,
};

use anb_domain::{IdSource, Language};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderValue;
use tracing::{Instrument as _, field};

use crate::{client, language, request::RequestContext, trace};

const REQUEST_ID: &str = "x-request-id";

/// By what requests are named and placed.
#[derive(Clone)]
pub struct Reception {
    pub ids: Arc<dyn IdSource>,
    /// For whoever asks for no language that we speak.
    pub default_language: Language,
    /// See [`client::address`].
    pub trusted_proxies: usize,
}

pub async fn establish(
    State(reception): State<Reception>,
    mut request: Request,
    next: Next,
) -> Response {
    let context = context_of(&reception, &request);
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

fn context_of(reception: &Reception, request: &Request) -> RequestContext {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let headers = request.headers();
    RequestContext {
        id: reception.ids.unguessable(),
        language: language::negotiate(headers, reception.default_language),
        traceparent: trace::traceparent(headers, reception.ids.as_ref()),
        client: client::address(headers, peer, reception.trusted_proxies),
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
