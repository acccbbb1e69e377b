//! A queue in a table of the database.

use std::{sync::Arc, time::Duration};

use anb_domain::{Clock, IdSource};
use async_trait::async_trait;

use crate::{
    job::Job,
    message::{DeadLetter, Delivery, QueueStats, Receipt},
    DeadLetters, JobQueue, QueueError,
};

/// How a table queue behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableQueueOptions {
    /// For how long a received message is hidden. Default 120 s.
    pub visibility: Duration,
    /// Time between two looks for messages of other processes. Default 500 ms.
    pub poll: Duration,
}

impl Default for TableQueueOptions {
    fn default() -> Self {
        Self { visibility: Duration::from_secs(120), poll: Duration::from_millis(500) }
    }
}

/// A queue in a table of the database.
pub struct TableQueue {
    db: sea_orm::DatabaseConnection,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    options: TableQueueOptions,
}

impl TableQueue {
    /// The queue in `db` (the pool to write with), whose table
    /// [`migrate`] has made.
    #[must_use]
    pub fn new(
        db: sea_orm::DatabaseConnection,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        options: TableQueueOptions,
    ) -> Self {
        Self { db, clock, ids, options }
    }
}

/// Makes or updates the table of the queue. Safe to run from many processes
/// at once.
pub async fn migrate(db: &sea_orm::DatabaseConnection) -> Result<(), QueueError> {
    todo!()
}

#[async_trait]
impl JobQueue for TableQueue {
    async fn send(&self, _: &Job) -> Result<(), QueueError> { todo!() }
    async fn receive(&self, _: usize, _: Duration) -> Result<Vec<Delivery>, QueueError> { todo!() }
    async fn extend(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> { todo!() }
    async fn release(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> { todo!() }
    async fn delete(&self, _: &Receipt) -> Result<(), QueueError> { todo!() }
    async fn stats(&self) -> Result<QueueStats, QueueError> { todo!() }
}

#[async_trait]
impl DeadLetters for TableQueue {
    async fn peek(&self, _: usize) -> Result<Vec<DeadLetter>, QueueError> { todo!() }
    async fn redrive(&self) -> Result<u64, QueueError> { todo!() }
    async fn purge(&self) -> Result<u64, QueueError> { todo!() }
}
