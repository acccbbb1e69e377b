//! `PUT /media/parts/{token}/{number}`: parts of uploads to local storage, by
//! signed link. (Links to S3 go there directly.)

use std::{sync::Arc, time::Duration};

use anb_blob::{BlobError, LinkError, PartQuery, VerifiedPart, WrongSize, exactly};
use axum::{
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
};
use futures::StreamExt as _;
use http::{HeaderMap, HeaderName, header};
use thiserror::Error;

use crate::{
    problem::{Code, Problem, answers},
    state::AppState,
    upload::{LONGEST, Stalled, paced},
};

#[derive(Debug, Error)]
pub enum PartError {
    /// Storage is not local: its links do not lead here.
    #[error("nothing is taken here")]
    NotServed,
    /// Objects are read here, and never written.
    #[error("this is not the address of a part")]
    NotAPart,
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("too many uploads at the same time")]
    Busy,
    #[error("the part has not the size that the link is for")]
    WrongSize,
    #[error("no bytes arrived for too long")]
    Stalled,
    #[error("the body could not be read: {0}")]
    CutOff(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is complete, given up or has expired.
    #[error("the upload is no longer open")]
    Gone,
    #[error(transparent)]
    Storage(BlobError),
}

impl From<BlobError> for PartError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Source(cause) if cause.is::<WrongSize>() => Self::WrongSize,
            BlobError::Source(cause) if cause.is::<Stalled>() => Self::Stalled,
            BlobError::Source(cause) => Self::CutOff(cause),
            BlobError::NotFound(_) | BlobError::InvalidKey(_) => Self::Gone,
            error => Self::Storage(error),
        }
    }
}

impl From<PartError> for Problem {
    fn from(error: PartError) -> Self {
        match error {
            PartError::NotServed => Self::new(Code::NotFound),
            PartError::NotAPart => Self::new(Code::MethodNotAllowed),
            PartError::Link(LinkError::Expired) => Self::new(Code::LinkExpired),
            PartError::Link(LinkError::Forged) => Self::new(Code::LinkInvalid),
            PartError::Busy => Self::new(Code::TooManyUploads).retry_after(Duration::from_secs(5)),
            PartError::WrongSize => Self::new(Code::WrongPartSize),
            PartError::Stalled => Self::new(Code::UploadStalled),
            PartError::CutOff(_) => Self::new(Code::MalformedRequest),
            PartError::Gone => Self::new(Code::UploadNotFound),
            PartError::Storage(error) => Self::new(Code::StorageUnavailable).because(error),
        }
    }
}

answers!(PartError:
    WrongPartSize, MalformedRequest, LinkExpired, LinkInvalid, NotFound, UploadNotFound,
    MethodNotAllowed, UploadStalled, TooManyUploads, StorageUnavailable);

/// Takes one part of an upload from whoever has a signed link for it.
///
/// Links come with the upload; they expire. The body is the bytes of the part
/// and nothing else. A part that was sent before is replaced.
#[utoipa::path(
    put, path = "/media/parts/{token}/{number}", tag = "media", operation_id = "put_part",
    params(
        ("token" = String, Path, description = "The upload, as storage calls it"),
        ("number" = u32, Path, description = "The part, from 1 on"),
        ("key" = String, Query, description = "Where the object will be kept"),
        ("size" = u64, Query, description = "Bytes of the part"),
        ("expires" = i64, Query, description = "When the link dies, in seconds since 1970"),
        ("signature" = String, Query, description = "Proves that the link is ours"),
    ),
    request_body(content_type = "application/octet-stream"),
    responses((status = OK, description = "Stored, durably"), PartError),
)]
pub async fn put(
    State(app): State<AppState>,
    Path(path): Path<String>,
    query: Result<Query<PartQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<[(HeaderName, String); 1], PartError> {
    let part = verify(&app, &path, query)?;
    if declared_size(&headers).is_some_and(|declared| declared != part.size) {
        return Err(PartError::WrongSize);
    }
    let slots = Arc::clone(&app.upload_slots);
    let _slot = slots.try_acquire_owned().map_err(|_| PartError::Busy)?;
    let idle = Duration::from_secs(app.settings.web.body_idle_timeout_s);
    let source = exactly(part.size, paced(body, idle).boxed());
    let stored = app.blobs.put_part(&part.key, &part.token, part.number, source);
    tokio::time::timeout(LONGEST, stored).await.map_err(|_elapsed| PartError::Stalled)??;
    // As S3 does; another one whenever the part was written again.
    Ok([(header::ETAG, format!("\"{}\"", app.ids.unguessable()))])
}

fn verify(
    app: &AppState,
    path: &str,
    query: Result<Query<PartQuery>, QueryRejection>,
) -> Result<VerifiedPart, PartError> {
    let signer = app.links.as_ref().ok_or(PartError::NotServed)?;
    let part = path.strip_prefix("parts/").ok_or(PartError::NotAPart)?;
    let (token, number) = part.split_once('/').ok_or(LinkError::Forged)?;
    let number = number.parse().map_err(|_| LinkError::Forged)?;
    let Query(query) = query.map_err(|_| LinkError::Forged)?;
    Ok(signer.verify_part(token, number, &query)?)
}

fn declared_size(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
