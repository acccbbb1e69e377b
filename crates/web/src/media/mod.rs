//! `GET /media/{*key}`: objects of local storage, by signed link. (Links to S3
//! go there directly.)

pub mod part;
mod range;

use std::sync::Arc;

use anb_blob::{
    BlobError, BlobInfo, LinkSigner, disposition,
    link::{LinkError, LinkQuery, VerifiedLink},
};
use axum::{
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use thiserror::Error;

use crate::{
    problem::{Code, Problem, answers},
    state::AppState,
};
use range::Wanted;

#[derive(Debug, Error)]
pub enum MediaError {
    /// Storage is not local: its links do not lead here.
    #[error("nothing is served here")]
    NotServed,
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("the object is gone")]
    Gone,
    #[error("the range begins behind the end of {size} bytes")]
    RangeNotSatisfiable { size: u64 },
    #[error(transparent)]
    Storage(BlobError),
}

impl From<BlobError> for MediaError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotFound(_) | BlobError::InvalidKey(_) => Self::Gone,
            BlobError::RangeNotSatisfiable { size } => Self::RangeNotSatisfiable { size },
            error => Self::Storage(error),
        }
    }
}

impl From<MediaError> for Problem {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::NotServed => Self::new(Code::NotFound),
            MediaError::Link(LinkError::Expired) => Self::new(Code::LinkExpired),
            MediaError::Link(LinkError::Forged) => Self::new(Code::LinkInvalid),
            MediaError::Gone => Self::new(Code::FileNotFound),
            MediaError::RangeNotSatisfiable { .. } => Self::new(Code::RangeNotSatisfiable),
            MediaError::Storage(error) => Self::new(Code::StorageUnavailable).because(error),
        }
    }
}

answers!(MediaError:
    LinkExpired, LinkInvalid, NotFound, FileNotFound, RangeNotSatisfiable, StorageUnavailable);

/// Serves an object to whoever has a signed link to it.
///
/// Links come from the other endpoints; they expire. Single ranges,
/// conditions (`If-None-Match`, `If-Range`) and `HEAD` are understood.
#[utoipa::path(
    get, path = "/media/{key}", tag = "media", operation_id = "media",
    params(
        ("key" = String, Path, description = "Where the object is kept"),
        ("expires" = i64, Query, description = "When the link dies, in seconds since 1970"),
        ("type" = String, Query, description = "Media type to serve it as"),
        ("name" = Option<String>, Query, description = "Name to save it under"),
        ("signature" = String, Query, description = "Proves that the link is ours"),
    ),
    responses(
        (status = OK, description = "The object", content_type = "application/octet-stream"),
        (status = PARTIAL_CONTENT, description = "The range", content_type = "application/octet-stream"),
        (status = NOT_MODIFIED, description = "The client has it already"),
        MediaError,
    ),
)]
pub async fn serve(
    State(app): State<AppState>,
    Path(key): Path<String>,
    query: Result<Query<LinkQuery>, QueryRejection>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, MediaError> {
    let signer = app.links.as_ref().ok_or(MediaError::NotServed)?;
    let link = verify(signer, &key, query)?;
    let info = app.blobs.head(&key).await?;
    if range::is_known(&headers, &info) {
        let response = (StatusCode::NOT_MODIFIED, about(&info, &link));
        return Ok(response.into_response());
    }
    match range::wanted(&headers, &info) {
        Wanted::All => respond(&app, &method, &info, &link, None).await,
        Wanted::Part(part) => respond(&app, &method, &info, &link, Some(part)).await,
        Wanted::Nothing => Ok(unsatisfiable(&info)),
    }
}

fn verify(
    signer: &Arc<LinkSigner>,
    key: &str,
    query: Result<Query<LinkQuery>, QueryRejection>,
) -> Result<VerifiedLink, LinkError> {
    let Query(query) = query.map_err(|_| LinkError::Forged)?;
    signer.verify(key, &query)
}

async fn respond(
    app: &AppState,
    method: &Method,
    info: &BlobInfo,
    link: &VerifiedLink,
    part: Option<std::ops::Range<u64>>,
) -> Result<Response, MediaError> {
    let mut headers = about(info, link);
    let bytes = part.clone().unwrap_or(0..info.size);
    headers.insert(header::CONTENT_LENGTH, (bytes.end - bytes.start).into());
    let status = if part.is_some() {
        let range = format!("bytes {}-{}/{}", bytes.start, bytes.end - 1, info.size);
        headers
            .extend(HeaderValue::try_from(range).ok().map(|range| (header::CONTENT_RANGE, range)));
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(app.blobs.get(&info.key, part).await?.stream)
    };
    Ok((status, headers, body).into_response())
}

fn unsatisfiable(info: &BlobInfo) -> Response {
    let mut response = MediaError::RangeNotSatisfiable { size: info.size }.into_response();
    let range = HeaderValue::try_from(format!("bytes */{}", info.size));
    response.headers_mut().extend(range.ok().map(|range| (header::CONTENT_RANGE, range)));
    response
}

/// Headers that hold for the whole object and for each part of it.
fn about(info: &BlobInfo, link: &VerifiedLink) -> HeaderMap {
    let modified = httpdate::fmt_http_date(info.modified_at.into());
    let disposition = disposition::of(link.download_as.as_deref());
    let headers = [
        (header::CONTENT_TYPE, Some(link.content_type.clone())),
        (header::CONTENT_DISPOSITION, Some(disposition)),
        (header::ETAG, info.etag.clone()),
        (header::LAST_MODIFIED, Some(modified)),
        (header::ACCEPT_RANGES, Some("bytes".into())),
        // A result never changes, but the link to it dies.
        (header::CACHE_CONTROL, Some("private, max-age=3600".into())),
        // Whatever a player has uploaded, it runs no script in our name.
        (header::CONTENT_SECURITY_POLICY, Some("sandbox; default-src 'none'".into())),
        // The site may be served from another host than the files.
        (CROSS_ORIGIN_RESOURCE_POLICY, Some("cross-origin".into())),
    ];
    let valid = |(name, value): (HeaderName, Option<String>)| {
        Some((name, HeaderValue::try_from(value?).ok()?))
    };
    headers.into_iter().filter_map(valid).collect()
}

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
