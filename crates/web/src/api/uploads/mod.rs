//! Uploads in parts: for files that are large and connections that break.

pub mod begin;
pub mod complete;
pub mod give_up;
pub mod list;
pub mod show;

use std::time::Duration;

use anb_blob::BlobError;
use anb_domain::{PlayerId, VideoId};
use anb_store::{PartUpload, StoreError, Video};
use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;
use uuid::Uuid;

use super::videos::{OwnVideoError, own_video};
use crate::{
    problem::{Code, Problem, answers},
    state::AppState,
    upload::parts::{Arrived, OpenUpload, Part, Plan},
};

/// An upload in parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    upload_id: Uuid,
    /// What the video is called once the upload is complete.
    video_id: Uuid,
    status: UploadStatus,
    #[schema(example = "Triple desde el logo")]
    title: String,
    /// Bytes of the whole file.
    #[schema(example = 20_000_000)]
    size: u64,
    /// Bytes of every part but the last.
    #[schema(example = 8_388_608)]
    part_size: u64,
    #[schema(example = 3)]
    part_count: usize,
    /// When it is given up, unless it is complete by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
    parts: Vec<PartView>,
}

/// Whether parts are still taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadStatus {
    Open,
    Completed,
}

/// A part of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartView {
    /// From 1 on.
    #[schema(example = 1)]
    number: u32,
    /// Where it begins in the file.
    #[schema(example = 0)]
    offset: u64,
    /// Its bytes; no more and no less are taken.
    #[schema(example = 8_388_608)]
    size: u64,
    /// Whether it has arrived.
    uploaded: bool,
    /// Where to `PUT` it, without any header of ours; expires. Absent when it
    /// has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl UploadView {
    /// With a fresh link for each part that has not arrived.
    async fn open(
        app: &AppState,
        upload: &OpenUpload,
        arrived: &Arrived,
    ) -> Result<Self, BlobError> {
        let mut parts = Vec::new();
        for part in upload.plan().parts() {
            let uploaded = match arrived {
                Arrived::Parts(arrived) => part.is_among(arrived),
                Arrived::Joined => true,
                Arrived::Nothing => false,
            };
            let url = if uploaded { None } else { Some(link(app, upload, part).await?) };
            parts.push(PartView::new(part, uploaded, url));
        }
        let row = &upload.row;
        Ok(Self {
            upload_id: row.video.0,
            video_id: row.video.0,
            status: UploadStatus::Open,
            title: row.title.to_string(),
            size: row.size_bytes,
            part_size: row.part_size_bytes,
            part_count: parts.len(),
            expires_at: Some(row.expires_at),
            parts,
        })
    }

    /// For a client that has missed the answer to its last request.
    fn completed(app: &AppState, video: Video) -> Self {
        let size = video.size_bytes.unwrap_or_default();
        let plan = Plan::new(size, app.settings.web.upload_part_bytes);
        let parts: Vec<_> = plan.parts().map(|part| PartView::new(part, true, None)).collect();
        Self {
            upload_id: video.id.0,
            video_id: video.id.0,
            status: UploadStatus::Completed,
            title: video.title,
            size,
            part_size: plan.part_size(),
            part_count: parts.len(),
            expires_at: None,
            parts,
        }
    }
}

impl PartView {
    fn new(part: Part, uploaded: bool, url: Option<String>) -> Self {
        let Part { number, offset, size } = part;
        Self { number, offset, size, uploaded, url }
    }
}

/// Not good for longer than the upload is open.
async fn link(app: &AppState, upload: &OpenUpload, part: Part) -> Result<String, BlobError> {
    let left = (upload.row.expires_at - app.now()).to_std().unwrap_or_default();
    let expires_in = left.min(Duration::from_secs(app.settings.storage.link_ttl_s));
    let (key, token) = (upload.key(app), &upload.token);
    let link = app.blobs.part_link(&key, token, part.number, part.size, expires_in).await?;
    Ok(link.into())
}

/// Why a player does not get an upload.
#[derive(Debug, Error)]
pub enum OwnUploadError {
    #[error("there is no such upload")]
    NotFound,
    #[error("the upload belongs to somebody else")]
    NotOwner,
    #[error(transparent)]
    Storage(#[from] BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OwnVideoError> for OwnUploadError {
    fn from(error: OwnVideoError) -> Self {
        match error {
            OwnVideoError::NotFound => Self::NotFound,
            OwnVideoError::NotOwner => Self::NotOwner,
            OwnVideoError::Link(error) => error.into(),
            OwnVideoError::Store(error) => error.into(),
        }
    }
}

impl From<OwnUploadError> for Problem {
    fn from(error: OwnUploadError) -> Self {
        match error {
            OwnUploadError::NotFound => Self::new(Code::UploadNotFound),
            OwnUploadError::NotOwner => Self::new(Code::NotOwner),
            OwnUploadError::Storage(error) => Self::new(Code::StorageUnavailable).because(error),
            OwnUploadError::Store(error) => Self::internal(error),
        }
    }
}

answers!(OwnUploadError: Unauthenticated, NotOwner, UploadNotFound, StorageUnavailable, Internal);

/// An upload as its player finds it.
enum OwnUpload {
    Open(OpenUpload),
    Completed(Video),
}

/// An upload of this player. One that has expired does not exist, even if the
/// reconciler has not been there yet.
async fn own_upload(
    app: &AppState,
    id: VideoId,
    player: PlayerId,
) -> Result<OwnUpload, OwnUploadError> {
    match app.store.part_upload(id).await? {
        Some(row) if row.owner != player => Err(OwnUploadError::NotOwner),
        Some(row) => {
            let open = is_live(app, &row).then(|| OpenUpload::new(row)).flatten();
            open.map(OwnUpload::Open).ok_or(OwnUploadError::NotFound)
        }
        None => Ok(OwnUpload::Completed(own_video(app, id, player).await?)),
    }
}

fn is_live(app: &AppState, row: &PartUpload) -> bool {
    app.now() < row.expires_at
}
