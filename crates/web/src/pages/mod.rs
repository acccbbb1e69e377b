//! Pages for people.

mod landing;
mod problems;

use askama::Template;
use axum::{
    Router,
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use http::header;
use uuid::Uuid;

use crate::{problem::Problem, state::AppState};

pub fn router() -> Router<AppState> {
    Router::new().route("/", get(landing::landing)).route("/problems", get(problems::problems))
}

/// Allows the style sheet and the script with this nonce, and pictures and
/// videos by signed link from wherever storage is.
struct Policy(Uuid);

impl Policy {
    fn of(app: &AppState) -> Self {
        Self(app.ids.unguessable())
    }

    fn nonce(&self) -> String {
        self.0.simple().to_string()
    }

    fn header(&self, app: &AppState) -> String {
        let (nonce, own) = (self.nonce(), &app.public_url);
        format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self' data: https: {own}; \
             media-src 'self' https: {own}; frame-ancestors 'none'; base-uri 'none'; \
             form-action 'none'"
        )
    }
}

fn page(app: &AppState, policy: &Policy, template: &impl Template) -> Result<Response, Problem> {
    let html = template.render().map_err(Problem::internal)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.header(app)),
        (header::VARY, "Accept-Language".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=30".to_owned()),
    ];
    Ok((headers, Html(html)).into_response())
}
