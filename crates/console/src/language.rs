//! The language that somebody has chosen; it wins over what the browser asks
//! for.

use std::time::Duration;

use anb_domain::Language;
use anb_http::{RequestContext, cookies};
use axum::{extract::Request, middleware::Next, response::Response};
use http::HeaderValue;

use crate::{cookies::cookie, state::AppState};

const COOKIE: &str = "anb_language";

const A_YEAR: Duration = Duration::from_hours(365 * 24);

/// The language with this tag, if it is one of ours.
#[must_use]
pub fn tagged(tag: &str) -> Option<Language> {
    [Language::Es, Language::En].into_iter().find(|language| language.tag() == tag)
}

/// The cookie that remembers a choice.
#[must_use]
pub fn choice(app: &AppState, language: Language) -> HeaderValue {
    cookie(app, COOKIE, language.tag(), A_YEAR)
}

/// Answers in the language that was chosen, if one was.
pub async fn remember(mut request: Request, next: Next) -> Response {
    let chosen = cookies::value(request.headers(), COOKIE).and_then(|tag| tagged(&tag));
    let context = request.extensions_mut().get_mut::<RequestContext>();
    if let (Some(language), Some(context)) = (chosen, context) {
        context.language = language;
    }
    next.run(request).await
}
