//! What a queue hands out.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::job::{Job, PoisonBody};

/// Stands for one delivery of a message; a later delivery of the same message
/// has another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Receipt(pub String);

/// A message on loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub message_id: String,
    pub receipt: Receipt,
    pub body: String,
    pub traceparent: Option<String>,
    /// How many times it has been received, this one included.
    pub receive_count: u32,
    pub sent_at: DateTime<Utc>,
}

impl Delivery {
    /// The job in it.
    ///
    /// # Errors
    /// [`PoisonBody`] when the body is not one of ours.
    pub fn job(&self) -> Result<Job, PoisonBody> {
        Job::from_body(&self.body, self.traceparent.clone())
    }
}

/// A message that was received three times without success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub message_id: String,
    pub body: String,
    pub sent_at: DateTime<Utc>,
}

/// How full a queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueStats {
    /// Messages that a receiver could take now.
    pub visible: u64,
    /// Messages on loan.
    pub in_flight: u64,
    /// Messages released with a delay that is not over.
    pub delayed: u64,
    /// Time since the oldest message that is still in the queue was sent.
    pub oldest_age: Option<Duration>,
    /// Messages in the dead-letter queue.
    pub dead: u64,
}

impl QueueStats {
    /// Whether the queue holds no message at all, dead letters aside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.visible + self.in_flight + self.delayed == 0
    }
}
