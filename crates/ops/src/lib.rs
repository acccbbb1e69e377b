//! What operators do with videos, queue and dead letters. `anb-video admin` and
//! the console are two ways to ask for the same.

mod letters;
mod redrive;
mod sampling;
mod services;
mod status;

use std::sync::Arc;

use anb_domain::{Clock, VideoId};
use anb_queue::{DeadLetters, JobQueue, QueueError};
use anb_store::{RetryError, Store, StoreError, Video};
use thiserror::Error;
use tokio::sync::Notify;

pub use letters::{About, Letter};
pub use redrive::Redriven;
pub use sampling::Sampler;
pub use services::{
    ScalingActivity, ScalingState, ServiceTasks, Services, ServicesError, ServicesNow,
};
pub use status::{QueueStatus, humanly};

#[derive(Debug, Error)]
pub enum OperationError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// What operators work on.
#[derive(Clone)]
pub struct Operations {
    pub store: Store,
    pub queue: Arc<dyn JobQueue>,
    pub dead_letters: Arc<dyn DeadLetters>,
    /// Rung when a message should go out at once.
    pub outbox_wake: Arc<Notify>,
    pub clock: Arc<dyn Clock>,
}

impl Operations {
    /// Gives a failed video three new tries and a new message.
    pub async fn retry(&self, video: VideoId) -> Result<Video, RetryError> {
        let video = self.store.retry_video(video).await?;
        self.outbox_wake.notify_one();
        Ok(video)
    }
}
