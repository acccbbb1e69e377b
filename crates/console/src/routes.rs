//! Which handler answers where, and what is wrapped around it.

use std::sync::Arc;

use anb_http::{Reception, context, language, linger, path, security};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower::util::MapRequest;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    health::health,
    middleware,
    pages::{choose_language, dead_letters, overview, redrive, retry, sign_in, sign_out, videos},
    ready::ready,
    refusal::{self, Reason, Refusal},
    session,
    state::AppState,
};

/// Most bytes of a form.
const MAX_FORM_BYTES: usize = 16 << 10;

pub fn router(app: &AppState) -> Router {
    let routes = open()
        .merge(operators(app))
        .fallback(nothing_here)
        // From the inside out.
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(from_fn_with_state(app.clone(), middleware::limit_time))
        .layer(from_fn(middleware::own_pages_only))
        .layer(CatchPanicLayer::custom(middleware::answer_panic))
        .layer(from_fn_with_state(app.clone(), refusal::render))
        .layer(from_fn(language::remember))
        .layer(from_fn(security::headers))
        .layer(from_fn(linger::drain_refused))
        .layer(from_fn_with_state(reception(app), context::establish))
        .with_state(app.clone());
    // Around the router, since a path must be rewritten before it is routed.
    Router::new().fallback_service(MapRequest::new(routes, path::trim_trailing_slash))
}

/// For whoever comes.
fn open() -> Router<AppState> {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/console/language", post(choose_language::choose))
        .route("/console/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_out::sign_out))
}

/// For operators. A route that is added here is theirs alone, whatever its
/// handler asks for.
fn operators(app: &AppState) -> Router<AppState> {
    Router::new()
        .route("/console", get(overview::overview))
        .route("/console/videos", get(videos::list))
        .route("/console/videos/{id}/retry", post(retry::retry))
        .route("/console/dead-letters", get(dead_letters::list))
        .route("/console/dead-letters/redrive", post(redrive::redrive))
        .route_layer(from_fn_with_state(app.clone(), session::require))
}

fn reception(app: &AppState) -> Reception {
    Reception {
        ids: Arc::clone(&app.ids),
        default_language: app.settings.showcase.default_language,
        trusted_proxies: app.settings.console.trusted_proxies,
    }
}

async fn nothing_here() -> Refusal {
    Refusal::new(Reason::NotFound)
}
