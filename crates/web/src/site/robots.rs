//! `/robots.txt`: what crawlers may look at
//! ([RFC 9309](https://www.rfc-editor.org/rfc/rfc9309)).

use axum::{Router, routing::get};

use crate::state::AppState;

/// Pages of a person, forms, and the API say nothing to a search engine.
const RULES: &str = "User-agent: *\n\
    Disallow: /api/\n\
    Disallow: /media/\n\
    Disallow: /me\n\
    Disallow: /upload\n\
    Disallow: /sign-in\n\
    Disallow: /sign-up\n";

pub fn routes() -> Router<AppState> {
    Router::new().route("/robots.txt", get(|| async { RULES }))
}
