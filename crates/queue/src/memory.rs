//! A queue within the process.

use std::{sync::Arc, time::Duration};

use anb_domain::{Clock, IdSource};
use async_trait::async_trait;

use crate::{
    job::Job,
    message::{DeadLetter, Delivery, QueueStats, Receipt},
    DeadLetters, JobQueue, QueueError,
};

/// A queue that lives and dies with its process.
pub struct MemoryQueue {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    visibility: Duration,
}

impl MemoryQueue {
    /// An empty queue whose messages are hidden for `visibility` once received.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, visibility: Duration) -> Self {
        Self { clock, ids, visibility }
    }
}

#[async_trait]
impl JobQueue for MemoryQueue {
    async fn send(&self, _: &Job) -> Result<(), QueueError> { todo!() }
    async fn receive(&self, _: usize, _: Duration) -> Result<Vec<Delivery>, QueueError> { todo!() }
    async fn extend(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> { todo!() }
    async fn release(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> { todo!() }
    async fn delete(&self, _: &Receipt) -> Result<(), QueueError> { todo!() }
    async fn stats(&self) -> Result<QueueStats, QueueError> { todo!() }
}

#[async_trait]
impl DeadLetters for MemoryQueue {
    async fn peek(&self, _: usize) -> Result<Vec<DeadLetter>, QueueError> { todo!() }
    async fn redrive(&self) -> Result<u64, QueueError> { todo!() }
    async fn purge(&self) -> Result<u64, QueueError> { todo!() }
}
