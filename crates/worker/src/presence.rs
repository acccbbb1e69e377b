//! Tells the console that this worker lives, and how many of its slots are
//! busy.

use std::{convert::Infallible, time::Duration};

use anb_store::Worker as SignOfLife;
use tokio::time::{sleep, timeout};

use crate::{outage::Outage, slots::Worker};

/// Between two signs of life; several may fail before it is thought dead.
const EVERY: Duration = Duration::from_secs(5);

/// Saying goodbye must not keep a worker from ending in time.
const GOODBYE: Duration = Duration::from_secs(1);

pub(crate) struct Presence<'w> {
    worker: &'w Worker,
    /// As of its start.
    first: SignOfLife,
}

impl<'w> Presence<'w> {
    pub(crate) fn of(worker: &'w Worker) -> Self {
        let context = &worker.context;
        let first = SignOfLife {
            id: context.ids.unguessable(),
            name: worker.name().to_owned(),
            host: worker.place(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            slots: number(worker.slots()),
            busy: 0,
            started_at: context.clock.now(),
        };
        Self { worker, first }
    }

    /// Gives signs of life, also while the last jobs are being finished.
    pub(crate) async fn keep(&self) -> Infallible {
        let mut outage = Outage::of("signs of life");
        loop {
            match self.worker.context.store.worker_lives(&self.sign()).await {
                Ok(()) => {
                    outage.over();
                    sleep(EVERY).await;
                }
                Err(error) => sleep(outage.note(&error).min(EVERY)).await,
            }
        }
    }

    /// A worker that drains has no more slots than it still needs.
    fn sign(&self) -> SignOfLife {
        let busy = number(self.worker.running());
        let slots = if self.worker.stops() { busy } else { self.first.slots };
        SignOfLife { slots, busy, ..self.first.clone() }
    }

    /// The worker ends. If that cannot be said, its silence will.
    pub(crate) async fn end(self) {
        let goodbye = self.worker.context.store.worker_leaves(self.first.id);
        match timeout(GOODBYE, goodbye).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "left without a goodbye"),
            Err(_elapsed) => tracing::warn!("left without a goodbye"),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
