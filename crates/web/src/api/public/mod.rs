//! What everybody may see, and votes.

pub mod cursor;
pub mod rankings;
pub mod report;
pub mod show;
pub mod videos;
pub mod vote;

use anb_blob::BlobError;
use anb_domain::keys::ResultFile;
use anb_store::PublicVideo;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::state::AppState;

/// A published video as everybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicVideoView {
    pub video_id: Uuid,
    #[schema(example = "Triple desde el logo")]
    pub title: String,
    /// The id of one of the contest's categories, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "dunk")]
    pub category: Option<String>,
    #[schema(example = "Ana Ruiz")]
    pub player_name: String,
    #[schema(example = "Bogotá")]
    pub city: String,
    #[schema(example = "Colombia")]
    pub country: String,
    /// Signed link to the video; expires.
    pub processed_url: String,
    /// Signed link to its still; expires.
    pub poster_url: String,
    #[schema(example = 7)]
    pub votes: u64,
    pub uploaded_at: DateTime<Utc>,
}

impl PublicVideoView {
    pub async fn new(app: &AppState, video: PublicVideo) -> Result<Self, BlobError> {
        let link = |file| app.result_link(video.id, video.attempt, file);
        Ok(Self {
            video_id: video.id.0,
            processed_url: link(ResultFile::Video).await?,
            poster_url: link(ResultFile::PosterLargeJpeg).await?,
            title: video.title,
            category: video.category,
            player_name: video.player_name,
            city: video.city,
            country: video.country,
            votes: video.votes,
            uploaded_at: video.uploaded_at,
        })
    }
}
