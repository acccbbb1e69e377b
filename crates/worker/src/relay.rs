//! From the outbox to the queue. A row that says `pending` and the message
//! that says so to the workers are written in two places; the outbox makes
//! one follow from the other, whatever dies in between.

use std::{sync::Arc, time::Duration};

use anb_queue::{Job, JobQueue, QueueError};
use anb_store::{OutboxEntry, Store, StoreError};
use anb_telemetry::trace as spans;
use thiserror::Error;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    crash::CrashPoint,
    outage::{LONGEST_STATEMENT, Outage, backoff},
};

/// Entries taken at a time.
const BATCH: u64 = 50;

/// For how long an entry is ours. After that another relay sends it, so a
/// batch must be sent well within it.
const LEASE: Duration = Duration::from_secs(30);

/// Between two looks at the outbox for entries of other processes.
const PERIOD: Duration = Duration::from_secs(1);

/// Why messages still wait.
#[derive(Debug, Error)]
pub enum RelayError {
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the database says nothing at all")]
    Silence,
}

/// Sends what is due, at once when `wake` is notified, until `stop`.
pub async fn run(
    store: Store,
    queue: Arc<dyn JobQueue>,
    wake: Arc<Notify>,
    stop: CancellationToken,
) {
    let mut queue_outage = Outage::of("queue");
    let mut store_outage = Outage::of("database");
    let rounds = async {
        loop {
            match send_due(&store, queue.as_ref()).await {
                // Nothing due says nothing about the queue.
                Ok(0) => store_outage.over(),
                Ok(_) => {
                    store_outage.over();
                    queue_outage.over();
                }
                Err(error @ (RelayError::Store(_) | RelayError::Silence)) => {
                    store_outage.note(&error);
                }
                Err(RelayError::Queue(error)) => drop(queue_outage.note(&error)),
            }
            tokio::select! {
                () = wake.notified() => {}
                () = sleep(PERIOD) => {}
            }
        }
    };
    stop.run_until_cancelled(rounds).await;
}

/// Sends every message that is due; returns how many.
///
/// # Errors
/// [`RelayError`] at the first message that could not be sent. It and those
/// after it stay in the outbox, due again after a growing pause.
pub async fn send_due(store: &Store, queue: &dyn JobQueue) -> Result<u64, RelayError> {
    let mut sent = 0;
    loop {
        let taken = timeout(LONGEST_STATEMENT, store.take_outbox(BATCH, LEASE)).await;
        let entries = taken.map_err(|_elapsed| RelayError::Silence)??;
        if entries.is_empty() {
            return Ok(sent);
        }
        CrashPoint::RelayTaken.reach().await;
        let mut entries = entries.iter();
        while let Some(entry) = entries.next() {
            if let Err(error) = send(queue, entry).await {
                put_back(store, entry, entries.as_slice()).await?;
                return Err(error.into());
            }
            CrashPoint::RelaySent.reach().await;
            store.outbox_sent(entry).await?;
            sent += 1;
        }
    }
}

/// The worker's part of the trace hangs below this sending.
async fn send(queue: &dyn JobQueue, entry: &OutboxEntry) -> Result<(), QueueError> {
    let span = tracing::info_span!("send", otel.kind = "producer", video_id = %entry.video_id);
    if let Some(traceparent) = &entry.traceparent {
        spans::continues(&span, traceparent);
    }
    let traceparent = spans::traceparent_of(&span).or_else(|| entry.traceparent.clone());
    let job = Job { video_id: entry.video_id, traceparent };
    queue.send(&job).instrument(span).await
}

/// Those behind the one that could not be sent were not tried: the queue is
/// out for them as well.
async fn put_back(
    store: &Store,
    unsent: &OutboxEntry,
    untried: &[OutboxEntry],
) -> Result<(), StoreError> {
    for entry in std::iter::once(unsent).chain(untried) {
        store.outbox_unsent(entry, backoff(entry.tries)).await?;
    }
    Ok(())
}
