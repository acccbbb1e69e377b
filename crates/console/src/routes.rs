//! What is wrapped around the pages.

use std::sync::Arc;

use anb_http::{
    Reception,
    access::{or_else, with_short_paths},
    context, language, linger, path, security,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    Application, Routes,
    health::health,
    middleware, pages,
    ready::ready,
    refusal::{self, Reason, Refusal},
    session,
    state::AppState,
};

/// Most bytes of a form.
const MAX_FORM_BYTES: usize = 16 << 10;

pub fn router(app: &AppState) -> Router {
    let enforced = from_fn_with_state(app.clone(), session::enforce);
    let routes = probes().merge(pages::routes()).layer(enforced);
    let routes = or_else(routes.into_router(), nothing_here)
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
    with_short_paths(routes, path::trim_trailing_slash)
}

/// For load balancers.
fn probes() -> Routes {
    Routes::new(Application::Console).get("/health", health).get("/ready", ready)
}

fn reception(app: &AppState) -> Reception {
    Reception {
        application: "console",
        ids: Arc::clone(&app.ids),
        default_language: app.settings.showcase.default_language,
        trusted_proxies: app.settings.console.trusted_proxies,
    }
}

async fn nothing_here() -> Refusal {
    Refusal::new(Reason::NotFound)
}
