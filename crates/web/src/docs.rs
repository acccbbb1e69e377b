//! The API's description, and pages to read and try it: everything from this
//! binary, nothing from elsewhere.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_swagger_ui::Config;

use crate::{
    Application, Routes,
    problem::{Code, Problem, ProblemBody},
};

/// The frame into which the handlers' descriptions are put.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "ANB Video",
        description = "Players upload videos, the platform trims, resizes and brands them, \
            everybody watches and players vote.\n\n\
            Errors are `application/problem+json` (RFC 9457): `code` is stable, `detail` is in \
            the language of the request (`Accept-Language: es` or `en`). Every response has an \
            `X-Request-Id`. A slash at the end of a path makes no difference.",
        license(name = "MIT OR Apache-2.0"),
    ),
    paths(crate::media::serve, crate::media::part::put),
    components(schemas(ProblemBody)),
    modifiers(&BearerToken),
    tags(
        (name = "auth", description = "Accounts and access tokens"),
        (name = "videos", description = "A player's own videos"),
        (name = "uploads", description = "Uploads in parts, which can be resumed"),
        (name = "public", description = "What everybody may see"),
        (name = "votes", description = "One vote per player and video"),
        (name = "media", description = "Files, by signed link"),
        (name = "operations", description = "For load balancers and operators"),
    ),
)]
pub struct ApiDoc;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("From `POST /api/auth/login`."))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// What Swagger UI needs: its own scripts, styles that it writes itself, and
/// its icons.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// # Panics
/// When the description cannot be written as JSON, which the tests do too.
pub fn routes(openapi: &utoipa::openapi::OpenApi) -> Routes {
    let openapi = Bytes::from(openapi.to_json().expect("the description is JSON"));
    let config = Arc::new(Config::from("/openapi.json").try_it_out_enabled(true));
    let json = [(header::CONTENT_TYPE, "application/json")];
    let index = Arc::clone(&config);
    Routes::new(Application::Public)
        .get("/openapi.json", || async move { (json, openapi) })
        .get("/docs", || async { Redirect::permanent("/docs/") })
        .get("/docs/", || async { swagger_file("index.html", index) })
        .get("/docs/{file}", |Path(file): Path<String>| async move { swagger_file(&file, config) })
}

fn swagger_file(path: &str, config: Arc<Config<'static>>) -> Result<Response, Problem> {
    let file = utoipa_swagger_ui::serve(path, config)
        .map_err(|error| Problem::internal(std::io::Error::other(error.to_string())))?
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let headers = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::CACHE_CONTROL, "public, max-age=3600".to_owned()),
    ];
    Ok((headers, file.bytes.into_owned()).into_response())
}
