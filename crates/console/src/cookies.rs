//! The cookies that the console gives out.

use std::time::Duration;

use cookie::{Cookie, SameSite, time};
use http::HeaderValue;

use crate::{PREFIX, state::AppState};

/// For the console alone: no script reads it, the public service never gets
/// it, and other sites' forms do not send it.
///
/// # Panics
/// When the value is none for a cookie; ours are tokens and tags.
#[must_use]
pub fn cookie(app: &AppState, name: &str, value: &str, lifetime: Duration) -> HeaderValue {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    let cookie = Cookie::build((name, value))
        .path(PREFIX)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.secure)
        .max_age(time::Duration::seconds(seconds));
    HeaderValue::from_str(&cookie.to_string()).expect("a token or a tag, in plain letters")
}
