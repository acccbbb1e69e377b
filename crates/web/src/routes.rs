//! Which handler answers where, and what is wrapped around it.

use std::sync::Arc;

use anb_http::{
    Reception,
    access::{or_else, with_short_paths},
    context, language, linger, path, security,
};
use axum::{
    Router, extract::DefaultBodyLimit, middleware::from_fn, middleware::from_fn_with_state,
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::routes;

use crate::{
    Application, Routes,
    api::{auth, public, uploads, videos},
    described::Described,
    docs::{self, ApiDoc},
    extract::MAX_BYTES,
    health, media,
    middleware::{compression, fresh, panic, problems, timeout},
    problem, ready, site,
    state::AppState,
};

pub fn openapi() -> utoipa::openapi::OpenApi {
    let described = Described::by(ApiDoc::openapi());
    described.merge(quick()).merge(upload()).merge(streams()).into_openapi()
}

pub fn router(app: AppState) -> Router {
    let (described, openapi) = Described::by(ApiDoc::openapi())
        .merge(quick().layer(from_fn_with_state(app.clone(), timeout::limit)))
        .merge(upload())
        .merge(streams())
        .into_parts();
    let others = docs::routes(&openapi).merge(media()).merge(site::routes(&app));
    let routes = or_else(described.merge(others.into_router()), nothing_here)
        // From the inside out.
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .layer(from_fn_with_state(app.clone(), fresh::contest))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn_with_state(app.clone(), problems::render))
        .layer(compression::of_pages())
        .layer(from_fn(language::remember))
        .layer(from_fn(security::headers))
        .layer(from_fn(linger::drain_refused))
        .layer(from_fn_with_state(reception(&app), context::establish))
        .with_state(app);
    // Around the router, since a path must be rewritten before it is routed.
    with_short_paths(routes, path::trim_outside("/docs/"))
}

fn reception(app: &AppState) -> Reception {
    Reception {
        application: "web",
        ids: Arc::clone(&app.ids),
        default_language: app.settings.showcase.default_language,
        trusted_proxies: app.settings.web.trusted_proxies,
    }
}

/// Whatever is answered at once.
fn quick() -> Described {
    let mut routes = Described::new()
        .routes(routes!(auth::signup::signup))
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::me::show, auth::me::delete))
        .routes(routes!(uploads::begin::begin, uploads::list::list))
        .routes(routes!(uploads::show::show, uploads::give_up::give_up))
        .routes(routes!(videos::list::list))
        .routes(routes!(videos::show::show, videos::delete::delete))
        .routes(routes!(public::videos::list))
        .routes(routes!(public::show::show))
        .routes(routes!(public::vote::cast, public::vote::withdraw))
        .routes(routes!(public::report::report))
        .routes(routes!(public::vote::status))
        .routes(routes!(public::rankings::rankings))
        .routes(routes!(health::health))
        .routes(routes!(ready::ready));
    describe_timeout(routes.description());
    routes
}

/// [`timeout::limit`] can end each of them.
fn describe_timeout(openapi: &mut utoipa::openapi::OpenApi) {
    let items = openapi.paths.paths.values_mut();
    let operations = items
        .flat_map(|item| [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten());
    for operation in operations {
        let timeout = problem::responses_for(&[problem::Code::RequestTimeout]);
        operation.responses.responses.extend(timeout);
    }
}

/// Takes as long as bytes keep coming, and has a size limit of its own; or as
/// long as storage needs to join all that came.
fn upload() -> Described {
    Described::new()
        .routes(routes!(videos::upload::upload))
        .routes(routes!(uploads::complete::complete))
        .layer(DefaultBodyLimit::disable())
}

/// Takes as long as the client listens, or sends.
fn streams() -> Described {
    Described::new().routes(routes!(videos::feed::feed)).routes(routes!(videos::events::events))
}

/// A key has slashes; `OpenAPI` has no word for that (see `ApiDoc`).
fn media() -> Routes {
    Routes::new(Application::Public)
        .get("/media/{*key}", media::serve)
        .put("/media/{*key}", media::part::put)
}

async fn nothing_here() -> problem::Problem {
    problem::Problem::new(problem::Code::NotFound)
}
