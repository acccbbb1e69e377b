//! Style sheets, scripts and pictures, as they are answered.

use std::borrow::Cow;

use anb_design::{Asset, Assets, brand::FAVICON};
use axum::{
    body::Bytes,
    response::{IntoResponse as _, Response},
};
use http::header;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// For whoever asks for a version that is not this one, as while a release is
/// rolled out: the other half of the processes may still have it.
const NEVER: &str = "no-store";

const A_DAY: &str = "public, max-age=86400";

/// The file at this path; a version names its content, so that browsers need
/// never ask twice.
#[must_use]
pub fn serve(assets: &Assets, version: &str, path: &str) -> Option<Response> {
    let kept = if version == assets.version() { FOR_EVER } else { NEVER };
    assets.get(path).map(|asset| answer(asset, kept))
}

#[must_use]
pub fn favicon(assets: &Assets) -> Option<Response> {
    assets.get(FAVICON).map(|asset| answer(asset, A_DAY))
}

fn answer(asset: &Asset, kept: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, kept)];
    let bytes = match &asset.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::copy_from_slice(bytes),
    };
    (headers, bytes).into_response()
}
