//! What everybody may see: published videos and the ranking.

use anb_domain::{AttemptNo, PlayerId, VideoId};
use chrono::{DateTime, Utc};

use crate::{Page, Store, StoreError};

/// A published video.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicVideo {
    pub id: VideoId,
    pub owner: PlayerId,
    pub title: String,
    /// First and last name.
    pub player_name: String,
    pub city: String,
    pub country: String,
    /// The attempt that was published: part of the objects' keys.
    pub attempt: AttemptNo,
    pub duration_s: Option<f64>,
    pub votes: u64,
    pub uploaded_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Newest first.
    #[default]
    Recent,
    /// Most votes first; among equals the newest.
    Votes,
}

/// Which published videos, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicFilter {
    /// Compared without regard to case.
    pub city: Option<String>,
    pub country: Option<String>,
    /// Words that must occur in the title or the player's name, in any case.
    pub q: Option<String>,
    pub sort: Sort,
    pub limit: u64,
    pub skip: u64,
    /// Begins after this video of the previous page (`skip` still applies).
    /// The sort key travels with it, so that votes cast meanwhile neither
    /// repeat nor skip a row that kept its place.
    pub after: Option<Cursor>,
}

/// The place of a row in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub votes: u64,
    pub id: VideoId,
}

/// A line of the ranking. A player's votes are those of all their published
/// videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedPlayer {
    /// Equal votes share a position (1, 1, 3).
    pub position: u64,
    pub player: PlayerId,
    /// First and last name.
    pub username: String,
    pub city: String,
    pub country: String,
    pub votes: u64,
}

impl Store {
    pub async fn public_videos(
        &self,
        filter: &PublicFilter,
    ) -> Result<Page<PublicVideo>, StoreError> {
        todo!()
    }

    /// A published video; `None` in every other state.
    pub async fn public_video(&self, id: VideoId) -> Result<Option<PublicVideo>, StoreError> {
        todo!()
    }

    /// Players with at least one published video, most votes first. Positions
    /// count within the filter. `page` starts at 1.
    pub async fn rankings(
        &self,
        city: Option<&str>,
        country: Option<&str>,
        page: u64,
        page_size: u64,
    ) -> Result<Page<RankedPlayer>, StoreError> {
        todo!()
    }
}
