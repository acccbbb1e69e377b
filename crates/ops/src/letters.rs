//! Dead letters, and what has become of their videos.

use anb_domain::{FailureCode, VideoId, VideoStatus};
use anb_queue::{DeadLetter, Job};
use anb_store::Video;

use crate::{OperationError, Operations};

/// A dead letter beside its video.
#[derive(Debug)]
pub struct Letter {
    pub letter: DeadLetter,
    pub about: About,
}

/// What a dead letter is about.
#[derive(Debug)]
pub enum About {
    /// Nothing that we know: no job at all.
    Poison(String),
    /// A video that never was, or is long purged.
    Unknown(VideoId),
    Video(Box<Video>),
}

impl Letter {
    #[must_use]
    pub fn video_id(&self) -> Option<VideoId> {
        match &self.about {
            About::Poison(_) => None,
            About::Unknown(id) => Some(*id),
            About::Video(video) => Some(video.id),
        }
    }

    #[must_use]
    pub fn status(&self) -> Option<VideoStatus> {
        match &self.about {
            About::Video(video) => Some(video.status),
            About::Poison(_) | About::Unknown(_) => None,
        }
    }

    #[must_use]
    pub fn failure(&self) -> Option<FailureCode> {
        match &self.about {
            About::Video(video) => video.failure.as_ref().map(|failure| failure.code),
            About::Poison(_) | About::Unknown(_) => None,
        }
    }

    #[must_use]
    pub fn is_poison(&self) -> bool {
        matches!(self.about, About::Poison(_))
    }

    /// Workers send such a message straight back to the dead letters.
    #[must_use]
    pub fn is_of_failed_video(&self) -> bool {
        self.status() == Some(VideoStatus::Failed)
    }
}

impl Operations {
    /// Up to `max` dead letters, oldest first, each with its video; they stay.
    pub async fn letters(&self, max: usize) -> Result<Vec<Letter>, OperationError> {
        let mut letters = Vec::new();
        for letter in self.dead_letters.peek(max).await? {
            let about = match Job::from_body(&letter.body, None) {
                Err(poison) => About::Poison(poison.to_string()),
                Ok(job) => match self.store.video(job.video_id).await? {
                    Some(video) => About::Video(Box::new(video)),
                    None => About::Unknown(job.video_id),
                },
            };
            letters.push(Letter { letter, about });
        }
        Ok(letters)
    }
}
