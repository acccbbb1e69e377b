//! Where a video's objects live. A key names its video, and a result's key
//! also its attempt, so that an object found in storage tells to which row it
//! belongs, and two attempts never write to the same place.

use crate::ids::{AttemptNo, VideoId};

/// The two prefixes under which everything is kept
/// (settings `storage.upload_prefix` and `storage.processed_prefix`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLayout {
    uploads: String,
    processed: String,
}

/// The files that one attempt produces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultFile {
    /// The branded 720p video.
    Video,
    /// The still shown before playing, 1280 pixels wide.
    PosterLargeWebp,
    PosterLargeJpeg,
    /// The still for lists, 480 pixels wide.
    PosterSmallWebp,
    PosterSmallJpeg,
    /// Three silent seconds, played when the pointer rests on a card.
    Preview,
}

impl ResultFile {
    /// Every file of a complete result.
    pub const ALL: [Self; 6] = [
        Self::Video,
        Self::PosterLargeWebp,
        Self::PosterLargeJpeg,
        Self::PosterSmallWebp,
        Self::PosterSmallJpeg,
        Self::Preview,
    ];

    /// The last part of its key; also its name in a work folder.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Video => "video.mp4",
            Self::PosterLargeWebp => "poster-1280.webp",
            Self::PosterLargeJpeg => "poster-1280.jpg",
            Self::PosterSmallWebp => "poster-480.webp",
            Self::PosterSmallJpeg => "poster-480.jpg",
            Self::Preview => "preview.mp4",
        }
    }

    /// The media type under which it is stored and served.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Video | Self::Preview => "video/mp4",
            Self::PosterLargeWebp | Self::PosterSmallWebp => "image/webp",
            Self::PosterLargeJpeg | Self::PosterSmallJpeg => "image/jpeg",
        }
    }
}

/// To which row an object belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyOwner {
    Original(VideoId),
    Result(VideoId, AttemptNo),
}

impl KeyLayout {
    /// Prefixes are taken with or without a trailing slash.
    #[must_use]
    pub fn new(upload_prefix: &str, processed_prefix: &str) -> Self {
        let with_slash = |prefix: &str| format!("{}/", prefix.trim_matches('/'));
        Self { uploads: with_slash(upload_prefix), processed: with_slash(processed_prefix) }
    }

    /// Everything the players have uploaded is below this prefix.
    #[must_use]
    pub fn uploads_prefix(&self) -> &str {
        &self.uploads
    }

    /// Everything that attempts have produced is below this prefix.
    #[must_use]
    pub fn processed_prefix(&self) -> &str {
        &self.processed
    }

    /// The key of the file as its player uploaded it.
    #[must_use]
    pub fn original(&self, video: VideoId) -> String {
        format!("{}{video}/original", self.uploads)
    }

    /// The prefix of all that one attempt has produced.
    #[must_use]
    pub fn attempt_prefix(&self, video: VideoId, attempt: AttemptNo) -> String {
        format!("{}{video}/{attempt}/", self.processed)
    }

    /// The prefix of all results of a video, of whichever attempt.
    #[must_use]
    pub fn results_prefix(&self, video: VideoId) -> String {
        format!("{}{video}/", self.processed)
    }

    /// The key of one file of one attempt.
    #[must_use]
    pub fn result(&self, video: VideoId, attempt: AttemptNo, file: ResultFile) -> String {
        format!("{}{}", self.attempt_prefix(video, attempt), file.file_name())
    }

    /// Whose object this is; `None` for a key that is not of our making.
    #[must_use]
    pub fn owner(&self, key: &str) -> Option<KeyOwner> {
        if let Some(rest) = key.strip_prefix(&self.uploads) {
            let (video, _) = rest.split_once('/')?;
            return Some(KeyOwner::Original(video.parse().ok()?));
        }
        let mut parts = key.strip_prefix(&self.processed)?.split('/');
        let video = parts.next()?.parse().ok()?;
        let attempt = parts.next()?.parse().ok()?;
        parts.next()?;
        Some(KeyOwner::Result(video, attempt))
    }
}

impl Default for KeyLayout {
    fn default() -> Self {
        Self::new("uploads", "processed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video() -> VideoId {
        VideoId(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn an_object_tells_whose_it_is() {
        let layout = KeyLayout::new("/in", "out/");
        let original = layout.original(video());
        let poster = layout.result(video(), AttemptNo(3), ResultFile::PosterSmallJpeg);

        assert_eq!(original, "in/00000000-0000-0000-0000-000000000007/original");
        assert_eq!(poster, "out/00000000-0000-0000-0000-000000000007/3/poster-480.jpg");
        assert_eq!(layout.owner(&original), Some(KeyOwner::Original(video())));
        assert_eq!(layout.owner(&poster), Some(KeyOwner::Result(video(), AttemptNo(3))));
    }

    #[test]
    fn keys_of_others_are_left_alone() {
        let layout = KeyLayout::default();
        for foreign in ["", "logo.svg", "uploads/readme.txt", "processed/x/1/video.mp4"] {
            assert_eq!(layout.owner(foreign), None, "{foreign}");
        }
    }
}
