//! What the answer to a browser says beside the page itself.

use anb_domain::Language;
use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, header};

/// A page in this language, of which nobody but its reader keeps a copy.
#[must_use]
pub fn answer(
    html: String,
    language: Language,
    policy: HeaderValue,
    kept: &'static str,
) -> Response {
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "Accept-Language, Cookie"),
        (header::CACHE_CONTROL, kept),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What a page may load and do
/// ([Content Security Policy](https://www.w3.org/TR/CSP3/)): scripts and styles
/// from our files and nowhere else, none inside a page; pictures, videos and
/// uploads also where storage is.
///
/// # Panics
/// When an origin is none for a header; [`url::Url`](https://docs.rs/url) makes
/// only such that are.
#[must_use]
pub fn policy(assets: Option<&str>, storage: Option<&str>) -> HeaderValue {
    let (assets, storage) = (assets.unwrap_or_default(), storage.unwrap_or_default());
    let policy = [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' {assets}"),
        format!("style-src 'self' {assets}"),
        format!("img-src 'self' data: {assets} {storage}"),
        format!("media-src 'self' blob: {storage}"),
        format!("connect-src 'self' {storage}"),
        "form-action 'self'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
    ];
    let policy = policy.map(|directive| directive.split_whitespace().collect::<Vec<_>>().join(" "));
    HeaderValue::from_str(&policy.join("; ")).expect("origins are plain letters")
}
