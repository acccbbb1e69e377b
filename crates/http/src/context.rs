//! Names the request, finds out who asks in which language, and logs one line
//! when it has been answered.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use anb_domain::{IdSource, Language};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderValue;
use tracing::{Instrument as _, field};

use anb_telemetry::trace as spans;

use crate::{client, language, measure::Measured, request::RequestContext, request_id, trace};

/// By what requests are named and placed.
#[derive(Clone)]
pub struct Reception {
    /// `web` or `console`: what metrics call it.
    pub application: &'static str,
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
    let mut context = context_of(&reception, &request);
    let span = span_of(&request, &context);
    if let Some(received) = trace::received(request.headers()) {
        spans::continues(&span, received);
    }
    if let Some(own) = spans::traceparent_of(&span) {
        context.traceparent = own;
    }
    let id = context.id;
    let measured = Measured::begin(reception.application, &request);
    request.extensions_mut().insert(context);

    async move {
        let mut response = next.run(request).await;
        if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert(request_id::OURS, id);
        }
        let status = response.status().as_u16();
        let duration_ms = measured.end(status);
        spans::answered(&tracing::Span::current(), status);
        tracing::info!(status, duration_ms, "request");
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
        id: request_id::of(headers, reception.trusted_proxies)
            .unwrap_or_else(|| reception.ids.unguessable()),
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
        otel.name = format!("{} {route}", request.method()),
        otel.kind = "server",
        request_id = %context.id,
        method = %request.method(),
        route,
        client = %context.client,
        video_id = field::Empty,
    )
}
