//! Published videos that are to be made again get into the queue one by one,
//! behind the fresh uploads.

use std::{convert::Infallible, future::pending, time::Duration};

use anb_store::StoreError;
use tokio::time::{sleep, timeout};

use crate::{
    outage::{LONGEST_STATEMENT, Outage},
    slots::Worker,
};

/// Between two looks at what is wanted.
const PERIOD: Duration = Duration::from_secs(1);

/// Tells with which recipe this worker works, and lets in what there is room
/// for, until the worker stops.
pub(crate) async fn run(worker: &Worker) -> Infallible {
    let stopped = worker.stopping().run_until_cancelled(rounds(worker)).await;
    match stopped {
        Some(never) => match never {},
        // The jobs decide when the worker has ended.
        None => pending().await,
    }
}

async fn rounds(worker: &Worker) -> Infallible {
    let mut outage = Outage::of("pacer");
    let mut announced = None;
    loop {
        match timeout(LONGEST_STATEMENT, round(worker, &mut announced)).await {
            Ok(Ok(())) => outage.over(),
            Ok(Err(error)) => drop(outage.note(&error)),
            Err(_elapsed) => {}
        }
        sleep(PERIOD).await;
    }
}

async fn round(worker: &Worker, announced: &mut Option<String>) -> Result<(), StoreError> {
    let context = &worker.context;
    let recipe = context.transcoder.recipe().await;
    if announced.as_ref() != Some(&recipe) {
        context.store.announce_recipe(&recipe).await?;
        *announced = Some(recipe);
    }
    let at_once = context.settings.reprocess_at_once;
    let went = context.store.pace_reprocessing(worker.name(), at_once).await?;
    if went > 0 {
        tracing::debug!(videos = went, "to be made again");
    }
    Ok(())
}
