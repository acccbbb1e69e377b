//! A published video among others: its picture, whose it is, its votes.

use anb_blob::BlobError;
use anb_domain::keys::ResultFile;
use anb_store::PublicVideo;
use futures::future;

use crate::state::AppState;

/// What `card.html` shows.
pub struct Card {
    pub href: String,
    pub title: String,
    pub player_name: String,
    pub player_href: String,
    pub city: String,
    pub votes: u64,
    pub pictures: Pictures,
    /// Three silent seconds.
    pub preview: String,
}

/// One still in two widths and two formats.
pub struct Pictures {
    pub small_webp: String,
    pub large_webp: String,
    pub small_jpeg: String,
    pub large_jpeg: String,
}

impl Card {
    pub async fn new(app: &AppState, video: PublicVideo) -> Result<Self, BlobError> {
        Ok(Self {
            href: format!("/videos/{}", video.id),
            player_href: format!("/players/{}", video.owner),
            pictures: Pictures::of(app, &video).await?,
            preview: app.page_link(video.id, video.attempt, ResultFile::Preview).await?,
            title: video.title,
            player_name: video.player_name,
            city: video.city,
            votes: video.votes,
        })
    }

    /// In the order of the videos.
    pub async fn all(app: &AppState, videos: Vec<PublicVideo>) -> Result<Vec<Self>, BlobError> {
        future::try_join_all(videos.into_iter().map(|video| Self::new(app, video))).await
    }
}

impl Pictures {
    async fn of(app: &AppState, video: &PublicVideo) -> Result<Self, BlobError> {
        let link = |file| app.page_link(video.id, video.attempt, file);
        Ok(Self {
            small_webp: link(ResultFile::PosterSmallWebp).await?,
            large_webp: link(ResultFile::PosterLargeWebp).await?,
            small_jpeg: link(ResultFile::PosterSmallJpeg).await?,
            large_jpeg: link(ResultFile::PosterLargeJpeg).await?,
        })
    }
}
