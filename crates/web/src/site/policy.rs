//! Where pages of the site may load something from, beside ourselves.

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

#[must_use]
pub fn header(app: &AppState, storage: Option<&str>) -> HeaderValue {
    let assets = app.settings.site.assets_url.as_ref();
    let assets = assets.map(|url| url.origin().ascii_serialization());
    anb_http::page::policy(assets.as_deref(), storage)
}
