//! A queue in a table of the database: jobs are as durable as the rows they
//! are about, and any number of processes share them.

mod give_back;
mod migration;
mod sql;

use std::{sync::Arc, time::Duration};

use anb_domain::{Clock, IdSource};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement, Value,
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    DeadLetters, JobQueue, MAX_RECEIVES, QueueError,
    job::Job,
    message::{DeadLetter, Delivery, QueueStats, Receipt},
    poll::{Look, long_poll},
    ticket::Ticket,
};

use give_back::GiveBack;
pub use migration::migrate;

/// How a table queue behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableQueueOptions {
    /// For how long a received message is hidden. Default 120 s.
    pub visibility: Duration,
    /// Time between two looks for messages that other processes have sent;
    /// those of this process are noticed at once. Default 500 ms.
    pub poll: Duration,
}

impl Default for TableQueueOptions {
    fn default() -> Self {
        Self { visibility: Duration::from_mins(2), poll: Duration::from_millis(500) }
    }
}

/// A queue in a table of the database. Senders and receivers of one process
/// should share one: it wakes the receivers that wait on it, no others.
pub struct TableQueue {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    options: TableQueueOptions,
    bell: Arc<Notify>,
}

#[derive(FromQueryResult)]
struct Taken {
    id: Uuid,
    body: String,
    traceparent: Option<String>,
    receive_count: i32,
    sent_at_us: i64,
}

#[derive(FromQueryResult)]
struct Counts {
    visible: i64,
    in_flight: i64,
    delayed: i64,
    dead: i64,
    oldest_us: Option<i64>,
}

#[derive(FromQueryResult)]
struct Dead {
    id: Uuid,
    body: String,
    sent_at_us: i64,
}

#[derive(FromQueryResult)]
struct At {
    at_us: Option<i64>,
}

impl TableQueue {
    /// The queue in `db` (the pool to write with), whose table [`migrate`]
    /// has made.
    #[must_use]
    pub fn new(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        options: TableQueueOptions,
    ) -> Self {
        Self { db, clock, ids, options, bell: Arc::default() }
    }

    /// Adds a message with any body, even one that is no job.
    pub async fn send_body(&self, body: &str, traceparent: Option<&str>) -> Result<(), QueueError> {
        let values: [Value; 4] = [
            self.ids.sortable().into(),
            body.into(),
            traceparent.map(str::to_owned).into(),
            self.after(Duration::ZERO).into(),
        ];
        self.execute(sql::SEND, values).await?;
        self.bell.notify_waiters();
        Ok(())
    }

    async fn look(&self, max: usize) -> Result<Look, QueueError> {
        self.bury().await?;
        let found = self.take(max).await?;
        if !found.is_empty() {
            return Ok(Look::Found(found));
        }
        let next: Option<At> = self.one(sql::NEXT, []).await?;
        let now_us = self.after(Duration::ZERO);
        Ok(Look::Empty {
            next_in: next.and_then(|next| next.at_us).map(|at_us| {
                Duration::from_micros(at_us.saturating_sub(now_us).max(0).unsigned_abs())
            }),
        })
    }

    /// Moves what has used up its receives to the dead letters.
    async fn bury(&self) -> Result<(), QueueError> {
        let now = self.after(Duration::ZERO);
        let buried = self.execute(sql::BURY, [now.into(), max_receives()]).await?;
        if buried > 0 {
            tracing::warn!(messages = buried, "messages moved to the dead letters");
        }
        Ok(())
    }

    async fn take(&self, max: usize) -> Result<Vec<Delivery>, QueueError> {
        let token = self.ids.unguessable();
        let values: [Value; 5] = [
            self.after(Duration::ZERO).into(),
            max_receives(),
            limit(max),
            self.after(self.options.visibility).into(),
            token.into(),
        ];
        let row_lock = self.db.get_database_backend() == DbBackend::Postgres;
        let undo =
            self.statement(sql::GIVE_BACK, [token.into(), self.after(Duration::ZERO).into()]);
        let give_back = GiveBack::new(&self.db, undo, &self.bell);
        let rows: Vec<Taken> = self.all(&sql::take(row_lock), values).await?;
        give_back.settle();
        Ok(rows.into_iter().map(|row| row.on_loan(token)).collect())
    }

    /// Hides the message that `receipt` stands for until `after` from now.
    async fn hide(&self, sql: &str, receipt: &Receipt, after: Duration) -> Result<(), QueueError> {
        let Ticket { id, token } = Ticket::read(receipt)?;
        let values: [Value; 3] = [id.into(), token.into(), self.after(after).into()];
        match self.execute(sql, values).await? {
            0 => Err(QueueError::StaleReceipt),
            _ => Ok(()),
        }
    }

    /// The moment `delay` from now, in microseconds since 1970.
    fn after(&self, delay: Duration) -> i64 {
        let delay_us = i64::try_from(delay.as_micros()).unwrap_or(i64::MAX);
        self.clock.now().timestamp_micros().saturating_add(delay_us)
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.db.get_database_backend(), sql, values)
    }

    async fn execute(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, QueueError> {
        Ok(self.db.execute_raw(self.statement(sql, values)).await?.rows_affected())
    }

    async fn all<R: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<R>, QueueError> {
        Ok(R::find_by_statement(self.statement(sql, values)).all(&self.db).await?)
    }

    async fn one<R: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<R>, QueueError> {
        Ok(R::find_by_statement(self.statement(sql, values)).one(&self.db).await?)
    }
}

impl Taken {
    fn on_loan(self, token: Uuid) -> Delivery {
        Delivery {
            message_id: self.id.to_string(),
            receipt: Ticket { id: self.id, token }.receipt(),
            body: self.body,
            traceparent: self.traceparent,
            receive_count: self.receive_count.unsigned_abs(),
            sent_at: time(self.sent_at_us),
        }
    }
}

fn max_receives() -> Value {
    i32::try_from(MAX_RECEIVES).unwrap_or(i32::MAX).into()
}

fn limit(max: usize) -> Value {
    i64::try_from(max).unwrap_or(i64::MAX).into()
}

fn time(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

impl From<DbErr> for QueueError {
    fn from(error: DbErr) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

#[async_trait]
impl JobQueue for TableQueue {
    async fn send(&self, job: &Job) -> Result<(), QueueError> {
        self.send_body(&job.body(), job.traceparent.as_deref()).await
    }

    async fn receive(&self, max: usize, wait: Duration) -> Result<Vec<Delivery>, QueueError> {
        long_poll(&self.bell, wait, self.options.poll, || self.look(max)).await
    }

    async fn extend(&self, receipt: &Receipt, visibility: Duration) -> Result<(), QueueError> {
        self.hide(sql::EXTEND, receipt, visibility).await
    }

    async fn release(&self, receipt: &Receipt, after: Duration) -> Result<(), QueueError> {
        self.hide(sql::RELEASE, receipt, after).await?;
        self.bell.notify_waiters();
        Ok(())
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), QueueError> {
        let Ticket { id, token } = Ticket::read(receipt)?;
        if self.execute(sql::DELETE, [id.into(), token.into()]).await? > 0 {
            return Ok(());
        }
        match self.one::<At>(sql::FIND, [id.into()]).await? {
            Some(_) => Err(QueueError::StaleReceipt),
            None => Ok(()),
        }
    }

    async fn stats(&self) -> Result<QueueStats, QueueError> {
        self.bury().await?;
        let now_us = self.after(Duration::ZERO);
        let Some(counts) = self.one::<Counts>(sql::STATS, [now_us.into()]).await? else {
            return Ok(QueueStats::default());
        };
        let age = |sent_us: i64| {
            Duration::from_micros(now_us.saturating_sub(sent_us).max(0).unsigned_abs())
        };
        Ok(QueueStats {
            visible: counts.visible.unsigned_abs(),
            in_flight: counts.in_flight.unsigned_abs(),
            delayed: counts.delayed.unsigned_abs(),
            dead: counts.dead.unsigned_abs(),
            oldest_age: counts.oldest_us.map(age),
        })
    }
}

#[async_trait]
impl DeadLetters for TableQueue {
    async fn peek(&self, max: usize) -> Result<Vec<DeadLetter>, QueueError> {
        self.bury().await?;
        let dead: Vec<Dead> = self.all(sql::PEEK, [limit(max)]).await?;
        Ok(dead
            .into_iter()
            .map(|row| DeadLetter {
                message_id: row.id.to_string(),
                body: row.body,
                sent_at: time(row.sent_at_us),
            })
            .collect())
    }

    async fn redrive(&self) -> Result<u64, QueueError> {
        self.bury().await?;
        let moved = self.execute(sql::REDRIVE, [self.after(Duration::ZERO).into()]).await?;
        self.bell.notify_waiters();
        Ok(moved)
    }

    async fn purge(&self) -> Result<u64, QueueError> {
        self.bury().await?;
        self.execute(sql::PURGE, []).await
    }
}
