//! What a worker does beside its jobs: takes over from the dead, and keeps
//! the reconciler going.

use std::{convert::Infallible, time::Duration};

use anb_queue::{QueueError, Receipt};
use anb_store::StoreError;
use tokio::time::{Instant, sleep};

use crate::{
    reconcile::{ReconcileError, Reconciler, Report},
    slots::Worker,
};

/// The first comparison of objects and rows comes soon after the start, for
/// workers that never live for long.
const FIRST_SWEEP: Duration = Duration::from_mins(1);

/// Mends, round after round, until the worker stops.
pub(crate) async fn run(worker: &Worker) {
    let stopped = worker.stopping().run_until_cancelled(Box::pin(rounds(worker))).await;
    if let Some(never) = stopped {
        match never {}
    }
    // The jobs decide when the worker has ended.
    std::future::pending::<()>().await;
}

async fn rounds(worker: &Worker) -> Infallible {
    let settings = &worker.context.settings;
    let reconciler = Reconciler::from(&worker.context);
    let sweep_period = Duration::from_secs(settings.sweep_s.max(1));
    let mut next_sweep = Instant::now() + FIRST_SWEEP.min(sweep_period);
    loop {
        log("reconciled", reconciler.quick().await);
        if Instant::now() >= next_sweep {
            log("swept", reconciler.sweep().await);
            next_sweep = Instant::now() + sweep_period;
        }
        sleep(Duration::from_secs(settings.reconcile_s.max(1))).await;
        take_over_from_the_dead(worker).await;
    }
}

/// Finds the folders of workers of this machine that were killed, and makes
/// what they held available at once.
pub(crate) async fn take_over_from_the_dead(worker: &Worker) {
    let ruins = match worker.home.ruins().await {
        Ok(ruins) => ruins,
        Err(error) => return tracing::warn!(%error, "work folder not readable"),
    };
    for ruin in ruins {
        let dead = ruin.name.clone();
        match surrender(worker, &dead).await {
            // The folder stays: the next round tries again.
            Err(error) => tracing::warn!(%error, dead, "takeover failed"),
            Ok(videos) => {
                tracing::info!(dead, videos, "took over from a dead worker");
                if let Err(error) = ruin.clear().await {
                    tracing::warn!(%error, dead, "folder of a dead worker not removed");
                }
            }
        }
    }
}

/// Leaves nothing behind at the end, neither leases nor a folder. If the
/// database is out the folder stays, for the next worker to take over.
pub(crate) async fn leave(worker: &Worker) {
    match surrender(worker, worker.name()).await {
        Err(error) => tracing::warn!(%error, "leases left to the next worker"),
        Ok(_) => {
            if let Err(error) = worker.home.close().await {
                tracing::warn!(%error, "work folder not removed");
            }
        }
    }
}

/// Ends the leases of a worker and gives its messages back. Returns how many
/// there were.
async fn surrender(worker: &Worker, name: &str) -> Result<usize, StoreError> {
    let receipts = worker.context.store.surrender_leases(name).await?;
    let count = receipts.len();
    for receipt in receipts {
        match worker.context.queue.release(&Receipt(receipt), Duration::ZERO).await {
            Ok(()) | Err(QueueError::StaleReceipt) => {}
            Err(error) => tracing::warn!(%error, "message left to its visibility timeout"),
        }
    }
    Ok(count)
}

fn log(what: &'static str, result: Result<Report, ReconcileError>) {
    let report = match result {
        Ok(report) => report,
        Err(error) => {
            tracing::warn!(round = what, %error, "reconciler hindered");
            error.report
        }
    };
    if !report.is_empty() {
        report.log(what);
    }
}
