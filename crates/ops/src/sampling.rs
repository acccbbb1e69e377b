//! Notes, once a minute, how full the queue is and how busy the workers are:
//! both are gone a moment later, and nobody else keeps them.

use std::{convert::Infallible, sync::Arc, time::Duration};

use anb_domain::Clock;
use anb_queue::JobQueue;
use anb_store::{Sample, Store, StoreError, WorkersAtWork};
use tokio::time::sleep;

use crate::{OperationError, QueueStatus};

/// Between two looks whether a minute has its sample. Every worker and every
/// console looks, so that there are samples as long as any of them lives.
const PAUSE: Duration = Duration::from_secs(15);

/// Takes samples.
#[derive(Clone)]
pub struct Sampler {
    pub store: Store,
    pub queue: Arc<dyn JobQueue>,
    pub clock: Arc<dyn Clock>,
}

impl Sampler {
    /// Takes samples for as long as it is let.
    pub async fn run(&self) -> Infallible {
        loop {
            if let Err(error) = self.take().await {
                tracing::warn!(%error, "no sample taken");
            }
            sleep(PAUSE).await;
        }
    }

    /// Takes this minute's sample, unless somebody else was faster: then it
    /// returns `false`.
    pub async fn take(&self) -> Result<bool, StoreError> {
        if self.store.is_sampled().await? {
            return Ok(false);
        }
        let workers = WorkersAtWork::of(&self.store.workers().await?);
        let sample = match QueueStatus::of(&self.store, &self.queue, &self.clock).await {
            Ok(status) => sample(Some(&status), status.unsent, workers),
            // That it was out will be seen, as a gap.
            Err(OperationError::Queue(error)) => {
                tracing::debug!(%error, "sample without the queue");
                sample(None, self.store.outbox_backlog().await?.0, workers)
            }
            Err(OperationError::Store(error)) => return Err(error),
        };
        let noted = self.store.note_sample(&sample).await?;
        self.store.forget_quiet_workers().await?;
        Ok(noted)
    }
}

fn sample(queue: Option<&QueueStatus>, unsent: u64, at_work: WorkersAtWork) -> Sample {
    let WorkersAtWork { workers, slots, busy } = at_work;
    let stats = queue.map(|queue| queue.stats);
    Sample {
        visible: stats.map(|stats| stats.visible),
        in_flight: stats.map(|stats| stats.in_flight),
        delayed: stats.map(|stats| stats.delayed),
        dead: stats.map(|stats| stats.dead),
        oldest_s: queue.map(|queue| queue.oldest_age.unwrap_or_default().as_secs()),
        unsent,
        workers,
        slots,
        busy,
    }
}
