//! What a page may load and do
//! ([Content Security Policy](https://www.w3.org/TR/CSP3/)): scripts and styles
//! from our files and nowhere else, none inside a page; pictures, videos and
//! uploads also where storage is.

use std::time::Duration;

use anb_blob::{BlobError, LinkOptions};
use http::HeaderValue;

use crate::state::AppState;

/// Where signed links lead to: ourselves, or the storage.
pub async fn storage_origin(app: &AppState) -> Result<String, BlobError> {
    let options = LinkOptions {
        expires_in: Duration::from_mins(1),
        content_type: "image/jpeg".into(),
        download_as: None,
    };
    let key = format!("{}policy", app.layout.processed_prefix());
    let link = app.blobs.signed_link(&key, &options).await?;
    Ok(link.origin().ascii_serialization())
}

/// # Panics
/// When an origin is none for a header; [`url::Url`] makes only such that are.
pub fn header(app: &AppState, storage: Option<&str>) -> HeaderValue {
    let assets = app.settings.site.assets_url.as_ref();
    let assets = assets.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let storage = storage.unwrap_or_default();
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
