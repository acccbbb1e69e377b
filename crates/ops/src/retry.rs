//! Failed videos get new tries.

use anb_domain::VideoId;
use anb_store::{Actor, RetryError, Video};

use crate::{OperationError, Operations};

/// What has become of the videos that were to be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retried {
    pub retried: u64,
    /// Somebody else was faster, or they are gone.
    pub not_failed: u64,
}

impl Operations {
    /// Gives a failed video three new tries and a new message.
    pub async fn retry(&self, video: VideoId, by: &Actor) -> Result<Video, RetryError> {
        let video = self.store.retry_video(video, by).await?;
        self.outbox_wake.notify_one();
        Ok(video)
    }

    /// The same for many; each by itself, so that one which is no longer
    /// failed does not keep the others from it.
    pub async fn retry_many(
        &self,
        videos: impl IntoIterator<Item = VideoId>,
        by: &Actor,
    ) -> Result<Retried, OperationError> {
        let mut done = Retried::default();
        for video in videos {
            match self.retry(video, by).await {
                Ok(_) => done.retried += 1,
                Err(RetryError::NotFailed(_) | RetryError::NotFound) => done.not_failed += 1,
                Err(RetryError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(done)
    }
}
