//! Job queues with the semantics of an SQS standard queue: at least once,
//! visibility timeout, receive count, long poll, dead letters after the third
//! receive. Order is not promised.

mod job;
mod message;
mod poll;
mod pulse;
mod ticket;

pub mod conformance;
pub mod memory;
pub mod sqs;
pub mod table;

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

pub use job::{Job, PoisonBody};
pub use memory::MemoryQueue;
pub use message::{DeadLetter, Delivery, QueueStats, Receipt};
pub use pulse::{Pulse, STALLED_AFTER};
pub use sqs::{RedrivePolicy, SqsOptions, SqsQueue};
pub use table::{TableQueue, TableQueueOptions, migrate};

/// Longest wait of one receive: the most that SQS allows
/// ([ReceiveMessage, WaitTimeSeconds](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html)).
pub const MAX_WAIT: Duration = Duration::from_secs(20);

/// Receives after which a message is a dead letter.
pub const MAX_RECEIVES: u32 = anb_domain::retry::MAX_TRIES;

/// What can go wrong at the edge of a queue.
#[derive(Debug, Error)]
pub enum QueueError {
    /// The message was received again by somebody else, deleted, or is dead:
    /// this receipt no longer stands for it.
    #[error("the receipt is no longer valid")]
    StaleReceipt,
    /// The queue cannot be reached, did not answer in time, or is not set up as
    /// it must be. The cause is part of the text, and so is no source of it.
    #[error("the queue is unavailable: {0}")]
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
}

/// Where jobs wait for workers.
#[async_trait]
pub trait JobQueue: Send + Sync + 'static {
    /// Adds a job. On success it survives the death of any process (not with
    /// [`MemoryQueue`], whose jobs the reconciler rebuilds).
    async fn send(&self, job: &Job) -> Result<(), QueueError>;

    /// Takes up to `max` messages, and waits up to `wait` (at most
    /// [`MAX_WAIT`]) for the first one. Each is hidden from other receivers
    /// for the queue's visibility timeout. Dropping the future loses nothing:
    /// what was taken becomes visible again.
    async fn receive(&self, max: usize, wait: Duration) -> Result<Vec<Delivery>, QueueError>;

    /// Hides a message for `visibility` from now on.
    async fn extend(&self, receipt: &Receipt, visibility: Duration) -> Result<(), QueueError>;

    /// Gives a message back; it is delivered again after `after`. Its receive
    /// count stays.
    async fn release(&self, receipt: &Receipt, after: Duration) -> Result<(), QueueError>;

    /// Removes a message for good. Removing it twice is no error.
    async fn delete(&self, receipt: &Receipt) -> Result<(), QueueError>;

    /// Depth, in flight and oldest age; approximate on SQS.
    async fn stats(&self) -> Result<QueueStats, QueueError>;
}

/// The dead letters of a queue, for operators.
#[async_trait]
pub trait DeadLetters: Send + Sync + 'static {
    /// Up to `max` dead letters, oldest first, which stay where they are.
    async fn peek(&self, max: usize) -> Result<Vec<DeadLetter>, QueueError>;

    /// Moves every dead letter back into the queue with a receive count of 0.
    /// Returns how many were moved.
    async fn redrive(&self) -> Result<u64, QueueError>;

    /// Removes every dead letter. Returns how many there were.
    async fn purge(&self) -> Result<u64, QueueError>;
}
