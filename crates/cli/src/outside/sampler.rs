//! Looks, every so often, at what no event tells: queue, outbox, videos,
//! connections. Whoever scrapes is told what was seen last, so that no number
//! of scrapers becomes a load on database and queue.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anb_domain::VideoStatus;
use anb_ops::{OperationError, Operations, QueueStatus};
use anb_telemetry::{
    catalogue::{
        DATABASE_CONNECTIONS, DATABASE_CONNECTIONS_MAX, OUTBOX_OLDEST, OUTBOX_WAITING, QUEUE_DEAD,
        QUEUE_DELAYED, QUEUE_DEPTH, QUEUE_IN_FLIGHT, QUEUE_OLDEST, VIDEOS, VIDEOS_OLDEST_WAITING,
    },
    emf,
};
use chrono::{DateTime, Utc};
use tokio::time::{sleep, timeout};

/// A look that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(10);

/// When something was seen last.
#[derive(Clone)]
pub struct Seen(Arc<Mutex<Instant>>);

impl Seen {
    fn now() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    pub fn ago(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    fn again(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

pub struct Sampler {
    operations: Operations,
    /// Whether `CloudWatch` is told as well.
    emf: bool,
    seen: Seen,
}

impl Sampler {
    pub fn new(operations: Operations, emf: bool) -> Self {
        Self { operations, emf, seen: Seen::now() }
    }

    pub fn seen(&self) -> Seen {
        self.seen.clone()
    }

    /// Looks every `period`, for ever. What does not answer is passed over:
    /// that is for those to tell who need it.
    pub async fn look_every(&self, period: Duration) -> Infallible {
        loop {
            match timeout(LONGEST, self.look()).await {
                Ok(Ok(())) => self.seen.again(),
                Ok(Err(error)) => tracing::debug!(%error, "nothing seen"),
                Err(_elapsed) => tracing::debug!(error = "no answer in time", "nothing seen"),
            }
            sleep(period).await;
        }
    }

    async fn look(&self) -> Result<(), OperationError> {
        self.note_connections();
        let store = &self.operations.store;
        note_queue(&self.operations.queue_status().await?);
        let now = self.operations.clock.now();
        let (waiting, outbox) = store.outbox_backlog().await?;
        OUTBOX_WAITING.set(waiting as f64, []);
        OUTBOX_OLDEST.set(age(outbox, now), []);
        let queued = store.waiting_videos(now, 1).await?.first().map(|video| video.queued_at);
        let oldest = age(queued.into_iter().chain(outbox).min(), now);
        VIDEOS_OLDEST_WAITING.set(oldest, []);
        let counts = store.count_by_status().await?;
        for (status, count) in &counts {
            VIDEOS.set(*count as f64, [status.as_str().into()]);
        }
        if self.emf {
            emf::OLDEST_WAITING.set(oldest);
            let failed = counts.iter().find(|(status, _)| *status == VideoStatus::Failed);
            emf::FAILED_VIDEOS.set(failed.map_or(0.0, |(_, count)| *count as f64));
        }
        Ok(())
    }

    fn note_connections(&self) {
        for pool in self.operations.store.db().pools() {
            let busy = pool.open.saturating_sub(pool.idle);
            DATABASE_CONNECTIONS.set(pool.idle.into(), [pool.name.into(), "idle".into()]);
            DATABASE_CONNECTIONS.set(busy.into(), [pool.name.into(), "busy".into()]);
            DATABASE_CONNECTIONS_MAX.set(pool.max.into(), [pool.name.into()]);
        }
    }
}

fn note_queue(queue: &QueueStatus) {
    let stats = &queue.stats;
    QUEUE_DEPTH.set(stats.visible as f64, []);
    QUEUE_IN_FLIGHT.set(stats.in_flight as f64, []);
    QUEUE_DELAYED.set(stats.delayed as f64, []);
    QUEUE_DEAD.set(stats.dead as f64, []);
    QUEUE_OLDEST.set(queue.oldest_age.unwrap_or_default().as_secs_f64(), []);
}

fn age(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    since.map_or(0.0, |since| (now - since).to_std().unwrap_or_default().as_secs_f64())
}
