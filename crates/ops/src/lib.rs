//! What operators do with videos, queue and dead letters. `anb-video admin` and
//! the console are two ways to ask for the same.

mod export;
mod letters;
mod redrive;
mod retry;
mod sampling;
mod services;
mod status;

use std::sync::Arc;

use anb_domain::Clock;
use anb_queue::{DeadLetters, JobQueue, QueueError};
use anb_store::{Store, StoreError};
use thiserror::Error;
use tokio::sync::Notify;

pub use export::{
    Export, ExportError, ExportFormat, ExportRequest, ExportedKind, Exporter, UnknownExport,
    columns,
};
pub use letters::{About, Letter};
pub use redrive::Redriven;
pub use retry::Retried;
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
