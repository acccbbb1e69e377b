//! Messages that must be sent because a row says so. An entry is written in
//! the transaction that makes a video `pending`, sent afterwards, and removed
//! once the queue has it: a message may go out twice, never not at all.

use std::time::Duration;

use anb_domain::{Happening, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    Store, StoreError, after,
    entity::{outbox, videos},
    history::NewEvent,
    row::count,
    step::changed,
};

/// Entries taken at once, at most: their ids are parameters of one statement.
const MAX_TAKEN: u64 = 1000;

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
        let now = self.now();
        let due = outbox::Entity::find()
            .filter(outbox::Column::DueAt.lte(now))
            .order_by_asc(outbox::Column::DueAt)
            .order_by_asc(outbox::Column::Id)
            .limit(Ord::min(limit, MAX_TAKEN));
        // Mostly there is nothing, and looking takes no lock.
        if due.clone().one(self.db.reader()).await?.is_none() {
            return Ok(Vec::new());
        }
        let txn = self.db.begin().await?;
        // Entries that somebody else is just taking are passed over.
        let taken =
            due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(&txn).await?;
        outbox::Entity::update_many()
            .set(outbox::ActiveModel { due_at: Set(after(now, lease)), ..Default::default() })
            .filter(outbox::Column::Id.is_in(taken.iter().map(|entry| entry.id)))
            .filter(outbox::Column::DueAt.lte(now))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        taken.into_iter().map(OutboxEntry::try_from).collect()
    }

    /// Removes an entry whose message the queue has, and notes on the video
    /// or on the job by which it is made again, when it was queued.
    pub async fn outbox_sent(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        let txn = self.db.begin().await?;
        // A worker may have been faster than this note: then the video is no
        // longer pending, and there is nothing to note.
        let pending = videos::Entity::update_many()
            .set(videos::ActiveModel { queued_at: Set(Some(self.now())), ..Default::default() })
            .filter(videos::Column::Id.eq(entry.video_id.0))
            .filter(videos::Column::Status.eq(VideoStatus::Pending.as_str()));
        if changed(pending, &txn).await? || self.reprocessing_sent(&txn, entry.video_id).await? {
            self.tell(&txn, NewEvent::new(entry.video_id, Happening::Sent)).await?;
        }
        outbox::Entity::delete_by_id(entry.id).exec(&txn).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Puts an entry back whose message could not be sent; due again after
    /// `retry_after`.
    pub async fn outbox_unsent(
        &self,
        entry: &OutboxEntry,
        retry_after: Duration,
    ) -> Result<(), StoreError> {
        outbox::Entity::update_many()
            .set(outbox::ActiveModel {
                due_at: Set(after(self.now(), retry_after)),
                ..Default::default()
            })
            .col_expr(outbox::Column::Tries, Expr::col(outbox::Column::Tries).add(1))
            .filter(outbox::Column::Id.eq(entry.id))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }

    /// Entries that wait, and since when the oldest does.
    pub async fn outbox_backlog(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        let backlog: Option<(i64, Option<DateTime<Utc>>)> = outbox::Entity::find()
            .select_only()
            .column_as(outbox::Column::Id.count(), "waiting")
            .column_as(outbox::Column::CreatedAt.min(), "oldest")
            .into_tuple()
            .one(self.db.reader())
            .await?;
        let (waiting, oldest) = backlog.unwrap_or_default();
        Ok((count("outbox", "id", waiting)?, oldest))
    }
}
