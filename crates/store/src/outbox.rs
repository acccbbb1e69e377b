//! Messages that must be sent because a row says so. An entry is written in
//! the transaction that makes a video `pending`, sent afterwards, and removed
//! once the queue has it: a message may go out twice, never not at all.

use std::time::Duration;

use anb_domain::VideoId;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Store, StoreError};

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    pub id: Uuid,
    pub video_id: VideoId,
    pub traceparent: Option<String>,
    pub created_at: DateTime<Utc>,
    /// How often sending was tried before.
    pub tries: u32,
}

impl Store {
    /// Takes up to `limit` entries for `lease`: no other process gets them
    /// meanwhile.
    pub async fn take_outbox(
        &self,
        limit: u64,
        lease: Duration,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        todo!()
    }

    /// Removes an entry whose message the queue has, and notes on the video
    /// when it was queued.
    pub async fn outbox_sent(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        todo!()
    }

    /// Puts an entry back whose message could not be sent; due again after
    /// `retry_after`.
    pub async fn outbox_unsent(
        &self,
        entry: &OutboxEntry,
        retry_after: Duration,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Entries that wait, and since when the oldest does.
    pub async fn outbox_backlog(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        todo!()
    }
}
