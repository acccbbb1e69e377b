//! A queue within the process: for tests, and for whoever can do without
//! jobs that survive a restart (the reconciler sends them again).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anb_domain::{Clock, IdSource};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    DeadLetters, JobQueue, MAX_RECEIVES, QueueError,
    job::Job,
    message::{DeadLetter, Delivery, QueueStats, Receipt},
    poll::{Look, long_poll},
    ticket::Ticket,
};

/// Longest time between two looks of a waiting receiver: the wall clock by
/// which messages become visible may be set forward meanwhile.
const POLL: Duration = Duration::from_millis(500);

struct Message {
    body: String,
    traceparent: Option<String>,
    sent_at: DateTime<Utc>,
    visible_at: DateTime<Utc>,
    receive_count: u32,
    /// The delivery that holds the message.
    token: Option<Uuid>,
    dead: bool,
}

/// A queue that lives and dies with its process.
pub struct MemoryQueue {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    visibility: Duration,
    messages: Mutex<BTreeMap<Uuid, Message>>,
    bell: Notify,
}

impl MemoryQueue {
    /// An empty queue whose messages are hidden for `visibility` once received.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, visibility: Duration) -> Self {
        Self { clock, ids, visibility, messages: Mutex::default(), bell: Notify::new() }
    }

    /// Adds a message with any body, even one that is no job.
    pub fn send_body(&self, body: &str, traceparent: Option<&str>) {
        let now = self.clock.now();
        let message = Message {
            body: body.to_owned(),
            traceparent: traceparent.map(str::to_owned),
            sent_at: now,
            visible_at: now,
            receive_count: 0,
            token: None,
            dead: false,
        };
        self.lock().insert(self.ids.sortable(), message);
        self.bell.notify_waiters();
    }

    /// No call leaves the messages half changed, so a panic of another thread
    /// is no reason to refuse them.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The messages, after those whose receives are used up have died.
    fn lock_and_bury(&self, now: DateTime<Utc>) -> MutexGuard<'_, BTreeMap<Uuid, Message>> {
        let mut messages = self.lock();
        for message in messages.values_mut() {
            if message.visible_at <= now && message.receive_count >= MAX_RECEIVES {
                message.dead = true;
                message.token = None;
            }
        }
        messages
    }

    fn look(&self, max: usize) -> Look {
        let now = self.clock.now();
        let mut messages = self.lock_and_bury(now);
        let found: Vec<_> = messages
            .iter_mut()
            .filter(|(_, message)| !message.dead && message.visible_at <= now)
            .take(max)
            .map(|(id, message)| {
                let token = self.ids.unguessable();
                message.receive_count += 1;
                message.visible_at = now + self.visibility;
                message.token = Some(token);
                delivery(Ticket { id: *id, token }, message)
            })
            .collect();
        if !found.is_empty() {
            return Look::Found(found);
        }
        let next = messages.values().filter(|message| !message.dead).map(|m| m.visible_at).min();
        Look::Empty { next_in: next.and_then(|at| (at - now).to_std().ok()) }
    }

    /// Applies `change` to the message that `receipt` stands for.
    fn change(
        &self,
        receipt: &Receipt,
        change: impl FnOnce(&mut Message, DateTime<Utc>),
    ) -> Result<(), QueueError> {
        let ticket = Ticket::read(receipt)?;
        match self.lock().get_mut(&ticket.id) {
            Some(message) if message.token == Some(ticket.token) => {
                change(message, self.clock.now());
                Ok(())
            }
            _ => Err(QueueError::StaleReceipt),
        }
    }
}

fn delivery(ticket: Ticket, message: &Message) -> Delivery {
    Delivery {
        message_id: ticket.id.to_string(),
        receipt: ticket.receipt(),
        body: message.body.clone(),
        traceparent: message.traceparent.clone(),
        receive_count: message.receive_count,
        sent_at: message.sent_at,
    }
}

#[async_trait]
impl JobQueue for MemoryQueue {
    async fn send(&self, job: &Job) -> Result<(), QueueError> {
        self.send_body(&job.body(), job.traceparent.as_deref());
        Ok(())
    }

    async fn receive(&self, max: usize, wait: Duration) -> Result<Vec<Delivery>, QueueError> {
        long_poll(&self.bell, wait, POLL, || async move { Ok(self.look(max)) }).await
    }

    async fn extend(&self, receipt: &Receipt, visibility: Duration) -> Result<(), QueueError> {
        self.change(receipt, |message, now| message.visible_at = now + visibility)
    }

    async fn release(&self, receipt: &Receipt, after: Duration) -> Result<(), QueueError> {
        self.change(receipt, |message, now| {
            message.visible_at = now + after;
            message.token = None;
        })?;
        self.bell.notify_waiters();
        Ok(())
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), QueueError> {
        let ticket = Ticket::read(receipt)?;
        let mut messages = self.lock();
        match messages.get(&ticket.id) {
            Some(message) if message.token != Some(ticket.token) => Err(QueueError::StaleReceipt),
            _ => {
                messages.remove(&ticket.id);
                Ok(())
            }
        }
    }

    async fn stats(&self) -> Result<QueueStats, QueueError> {
        let now = self.clock.now();
        let messages = self.lock_and_bury(now);
        let mut stats = QueueStats::default();
        for message in messages.values() {
            let count = match message {
                Message { dead: true, .. } => &mut stats.dead,
                Message { visible_at, .. } if *visible_at <= now => &mut stats.visible,
                Message { token: Some(_), .. } => &mut stats.in_flight,
                Message { token: None, .. } => &mut stats.delayed,
            };
            *count += 1;
        }
        let oldest = messages.values().filter(|message| !message.dead).map(|m| m.sent_at).min();
        stats.oldest_age = oldest.map(|at| (now - at).to_std().unwrap_or_default());
        Ok(stats)
    }
}

#[async_trait]
impl DeadLetters for MemoryQueue {
    async fn peek(&self, max: usize) -> Result<Vec<DeadLetter>, QueueError> {
        let messages = self.lock_and_bury(self.clock.now());
        let mut dead: Vec<_> = messages
            .iter()
            .filter(|(_, message)| message.dead)
            .map(|(id, message)| DeadLetter {
                message_id: id.to_string(),
                body: message.body.clone(),
                sent_at: message.sent_at,
            })
            .collect();
        dead.sort_by_key(|letter| letter.sent_at);
        dead.truncate(max);
        Ok(dead)
    }

    async fn redrive(&self) -> Result<u64, QueueError> {
        let now = self.clock.now();
        let mut moved = 0;
        for message in self.lock_and_bury(now).values_mut().filter(|message| message.dead) {
            message.dead = false;
            message.receive_count = 0;
            message.sent_at = now;
            message.visible_at = now;
            moved += 1;
        }
        self.bell.notify_waiters();
        Ok(moved)
    }

    async fn purge(&self) -> Result<u64, QueueError> {
        let mut messages = self.lock_and_bury(self.clock.now());
        let before = messages.len();
        messages.retain(|_, message| !message.dead);
        Ok((before - messages.len()) as u64)
    }
}
