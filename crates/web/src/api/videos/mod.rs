//! A player's own videos.

pub mod delete;
pub mod events;
pub mod feed;
pub mod list;
pub mod show;
pub mod upload;

use anb_blob::BlobError;
use anb_domain::{Failure, Language, PlayerId, VideoId, VideoStatus, Visibility, keys::ResultFile};
use anb_store::{StoreError, Video};
use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    problem::{Code, Problem, answers},
    state::AppState,
};

/// A video as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VideoView {
    video_id: Uuid,
    #[schema(example = "Triple desde el logo")]
    title: String,
    /// The id of one of the contest's categories, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "dunk")]
    category: Option<String>,
    #[schema(value_type = String, example = "processing")]
    status: VideoStatus,
    /// Percent done.
    #[schema(example = 42, maximum = 100)]
    progress: u8,
    /// While it is `pending`: how many are taken before it, plus one. What to
    /// expect, not a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    place_in_line: Option<u64>,
    uploaded_at: Option<DateTime<Utc>>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    processed_at: Option<DateTime<Utc>>,
    /// Signed link to download the file as it was uploaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_url: Option<String>,
    /// Signed link to the published video.
    #[serde(skip_serializing_if = "Option::is_none")]
    processed_url: Option<String>,
    /// Signed link to its still.
    #[serde(skip_serializing_if = "Option::is_none")]
    poster_url: Option<String>,
    #[schema(example = 7)]
    votes: u64,
    /// Why it was rejected or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureView>,
    /// Once it is completed, who sees it: `public`, or only its owner because
    /// it is `awaiting` approval, `hidden` or `disqualified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "public")]
    visibility: Option<Visibility>,
    /// Why it is hidden or disqualified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Somebody else is in the picture.")]
    visibility_reason: Option<String>,
}

/// Why a video was rejected or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FailureView {
    #[schema(example = "too_long")]
    code: &'static str,
    /// What is wrong and what to do, in the language of the request.
    #[schema(
        example = "The video lasts 725.4 s and the limit is 600 s. Trim it and upload it again."
    )]
    message: String,
}

impl FailureView {
    fn new(failure: &Failure, language: Language) -> Self {
        Self { code: failure.code.as_str(), message: failure.sentence(language) }
    }
}

impl VideoView {
    async fn new(app: &AppState, video: Video, language: Language) -> Result<Self, BlobError> {
        let made = video.status == VideoStatus::Completed;
        Ok(Self {
            video_id: video.id.0,
            status: video.status,
            progress: video.progress,
            place_in_line: app.place_in_line(&video).await,
            uploaded_at: video.uploaded_at,
            processed_at: video.processed_at,
            original_url: original_link(app, &video).await?,
            processed_url: result_link(app, &video, ResultFile::Video).await?,
            poster_url: result_link(app, &video, ResultFile::PosterLargeJpeg).await?,
            votes: video.votes,
            failure: video.failure.as_ref().map(|failure| FailureView::new(failure, language)),
            visibility: made.then_some(video.visibility),
            visibility_reason: video.visibility_reason.filter(|_| made),
            title: video.title,
            category: video.category,
        })
    }
}

async fn result_link(
    app: &AppState,
    video: &Video,
    file: ResultFile,
) -> Result<Option<String>, BlobError> {
    if video.status != VideoStatus::Completed {
        return Ok(None);
    }
    app.result_link(video.id, video.attempt, file).await.map(Some)
}

/// To be saved, not shown: browsers must not play what nobody has checked.
pub async fn original_link(app: &AppState, video: &Video) -> Result<Option<String>, BlobError> {
    let Some(content_type) = &video.content_type else { return Ok(None) };
    let name = format!("{}.{}", video.title, extension(content_type));
    app.link(&app.layout.original(video.id), content_type, Some(name)).await.map(Some)
}

fn extension(content_type: &str) -> &'static str {
    match content_type {
        "video/quicktime" => "mov",
        "video/webm" => "webm",
        "video/x-matroska" => "mkv",
        "video/x-msvideo" => "avi",
        "video/mp2t" => "ts",
        "video/mpeg" => "mpg",
        "video/ogg" => "ogv",
        _ => "mp4",
    }
}

/// Why a player does not get a video.
#[derive(Debug, Error)]
pub enum OwnVideoError {
    #[error("there is no such video")]
    NotFound,
    #[error("the video belongs to somebody else")]
    NotOwner,
    #[error(transparent)]
    Link(#[from] BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OwnVideoError> for Problem {
    fn from(error: OwnVideoError) -> Self {
        match error {
            OwnVideoError::NotFound => Self::new(Code::VideoNotFound),
            OwnVideoError::NotOwner => Self::new(Code::NotOwner),
            OwnVideoError::Link(error) => Self::internal(error),
            OwnVideoError::Store(error) => Self::internal(error),
        }
    }
}

answers!(OwnVideoError: Unauthenticated, NotOwner, VideoNotFound, Internal);

/// A video of this player; one that is still being uploaded, or was deleted,
/// does not exist.
pub async fn own_video(
    app: &AppState,
    id: VideoId,
    player: PlayerId,
) -> Result<Video, OwnVideoError> {
    let video = app.store.video(id).await?.filter(is_there).ok_or(OwnVideoError::NotFound)?;
    if video.owner == player { Ok(video) } else { Err(OwnVideoError::NotOwner) }
}

fn is_there(video: &Video) -> bool {
    !matches!(video.status, VideoStatus::Uploading | VideoStatus::Deleted)
}
