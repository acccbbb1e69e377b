use std::{io, time::Duration};

use anb_queue::{
    DeadLetter, DeadLetters, Delivery, Job, JobQueue, QueueError, QueueStats, Receipt,
};
use async_trait::async_trait;

/// A queue that is out.
pub struct BrokenQueue;

fn out<T>() -> Result<T, QueueError> {
    Err(QueueError::Unavailable(io::Error::other("secret host 10.1.2.3").into()))
}

#[async_trait]
impl JobQueue for BrokenQueue {
    async fn send(&self, _: &Job) -> Result<(), QueueError> {
        out()
    }

    async fn receive(&self, _: usize, _: Duration) -> Result<Vec<Delivery>, QueueError> {
        out()
    }

    async fn extend(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> {
        out()
    }

    async fn release(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> {
        out()
    }

    async fn delete(&self, _: &Receipt) -> Result<(), QueueError> {
        out()
    }

    async fn stats(&self) -> Result<QueueStats, QueueError> {
        out()
    }
}

#[async_trait]
impl DeadLetters for BrokenQueue {
    async fn peek(&self, _: usize) -> Result<Vec<DeadLetter>, QueueError> {
        out()
    }

    async fn redrive(&self) -> Result<u64, QueueError> {
        out()
    }

    async fn purge(&self) -> Result<u64, QueueError> {
        out()
    }
}
