//! Keeping hold of a video while it is worked on.

use std::{
    convert::Infallible,
    future::pending,
    sync::Mutex,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anb_queue::{Delivery, JobQueue, QueueError};
use anb_store::{Claim, Store, StoreError};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::outage::{LONGEST_STATEMENT, Outage, backoff};

/// Progress is written at most this often.
const PROGRESS_PERIOD: Duration = Duration::from_secs(1);

/// And at least this often, changed or not: the answer tells whether an
/// operator has stopped the try.
const LONGEST_SILENCE: Duration = Duration::from_secs(3);

/// A claim on a video and the loan of its message, both kept alive by
/// heartbeats.
pub(crate) struct Lease<'a> {
    pub(crate) store: &'a Store,
    pub(crate) queue: &'a dyn JobQueue,
    pub(crate) claim: &'a Claim,
    pub(crate) delivery: &'a Delivery,
    /// How long each heartbeat makes it last.
    length: Duration,
    period: Duration,
    until: Mutex<Instant>,
    lost: AtomicBool,
    cancel: CancellationToken,
}

impl<'a> Lease<'a> {
    /// A lease taken at `since`. `cancel` stops the work when it is lost.
    pub(crate) fn new(
        (store, queue): (&'a Store, &'a dyn JobQueue),
        (claim, delivery): (&'a Claim, &'a Delivery),
        (since, length, period): (Instant, Duration, Duration),
        cancel: CancellationToken,
    ) -> Self {
        Self {
            store,
            queue,
            claim,
            delivery,
            length,
            period,
            until: Mutex::new(since + length),
            lost: AtomicBool::new(false),
            cancel,
        }
    }

    /// Whether somebody else may have the video by now.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Beats until dropped; cancels the work as soon as the lease is lost.
    pub(crate) async fn keep(&self, progress: watch::Receiver<u8>) -> Infallible {
        tokio::select! {
            never = self.beat() => never,
            never = self.note_progress(progress) => never,
            never = self.extend_message() => never,
        }
    }

    /// Repeats `write` while the database is out, for as long as the lease
    /// lasts. One that was not answered may have been done: then the next one
    /// changes nothing.
    pub(crate) async fn insist<F>(&self, write: impl Fn() -> F) -> Result<bool, StoreError>
    where
        F: Future<Output = Result<bool, StoreError>>,
    {
        let mut tries = 0;
        loop {
            match timeout(LONGEST_STATEMENT, write()).await {
                Ok(Err(StoreError::Database(_))) | Err(_) if Instant::now() < self.until() => {
                    sleep(backoff(tries)).await;
                    tries += 1;
                }
                Ok(result) => return result,
                Err(_elapsed) => return Ok(false),
            }
        }
    }

    async fn beat(&self) -> Infallible {
        let mut outage = Outage::of("heartbeat");
        let mut pause = self.period;
        loop {
            sleep(pause).await;
            let begun = Instant::now();
            // An answer that comes after the end of the lease is none.
            let answer =
                timeout_at(self.until().max(begun), self.store.heartbeat(self.claim, self.length));
            match answer.await {
                Ok(Ok(true)) => {
                    self.renew(begun);
                    outage.over();
                    pause = self.period;
                }
                Ok(Ok(false)) => return self.lose("taken or ended by somebody else").await,
                Ok(Err(error)) if begun < self.until() => {
                    pause = outage.note(&error).min(self.period);
                }
                Ok(Err(_)) | Err(_) => return self.lose("ran out").await,
            }
        }
    }

    /// The message is kept apart from the lease: losing it costs nothing but a
    /// delivery that finds the video busy.
    async fn extend_message(&self) -> Infallible {
        let mut outage = Outage::of("message extension");
        let mut pause = self.period;
        loop {
            sleep(pause).await;
            pause = match self.queue.extend(&self.delivery.receipt, self.length).await {
                Ok(()) => {
                    outage.over();
                    self.period
                }
                Err(QueueError::StaleReceipt) => {
                    tracing::info!("message has a new holder");
                    return pending().await;
                }
                Err(error) => outage.note(&error).min(self.period),
            };
        }
    }

    async fn note_progress(&self, mut progress: watch::Receiver<u8>) -> Infallible {
        loop {
            if let Ok(Err(_gone)) = timeout(LONGEST_SILENCE, progress.changed()).await {
                return pending().await;
            }
            let percent = *progress.borrow_and_update();
            match self.store.note_progress(self.claim, percent).await {
                Ok(true) => {}
                Ok(false) => return self.lose("taken or ended by somebody else").await,
                Err(error) => tracing::debug!(%error, "progress not noted"),
            }
            sleep(PROGRESS_PERIOD).await;
        }
    }

    async fn lose(&self, reason: &'static str) -> Infallible {
        tracing::warn!(reason, "lease lost");
        self.lost.store(true, Ordering::Relaxed);
        self.cancel.cancel();
        pending().await
    }

    fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn renew(&self, since: Instant) {
        *self.until.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = since + self.length;
    }
}
