//! From a delivery to the fate of its message.

use std::{sync::Arc, time::Duration};

use anb_domain::{VideoId, VideoStatus};
use anb_queue::{Delivery, MAX_RECEIVES};
use anb_store::{ClaimOutcome, StoreError};
use anb_telemetry::trace as spans;
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument, Span, field};

use crate::{
    attempt,
    busy::Turn,
    message::{self, Fate},
    outage::{LONGEST_STATEMENT, backoff},
    slots::Worker,
};

/// Handles one delivery to its end.
pub(crate) async fn handle(worker: Arc<Worker>, delivery: Delivery, turn: &Turn) {
    let span = tracing::info_span!(
        "job",
        otel.name = "receive",
        otel.kind = "consumer",
        worker = worker.name(),
        message_id = delivery.message_id,
        receive_count = delivery.receive_count,
        traceparent = delivery.traceparent,
        video_id = field::Empty,
        attempt = field::Empty,
    );
    if let Some(traceparent) = &delivery.traceparent {
        spans::continues(&span, traceparent);
    }
    async {
        let fate = decide(&worker, &delivery, turn).await;
        message::settle(worker.context.queue.as_ref(), &delivery, fate).await;
    }
    .instrument(span)
    .await;
}

async fn decide(worker: &Worker, delivery: &Delivery, turn: &Turn) -> Fate {
    match delivery.job() {
        Err(poison) => {
            tracing::warn!(error = %poison, "poison message");
            Fate::NOW
        }
        Ok(job) => {
            Span::current().record("video_id", field::display(job.video_id));
            attend(worker, job.video_id, delivery, turn).await
        }
    }
}

async fn attend(worker: &Worker, video: VideoId, delivery: &Delivery, turn: &Turn) -> Fate {
    let claimed = claim(worker, video, delivery).instrument(tracing::info_span!("claim")).await;
    let Some((since, outcome)) = claimed else {
        return unclaimed(worker, video, delivery).await;
    };
    match outcome {
        Ok(ClaimOutcome::Claimed(claim)) => {
            Span::current().record("attempt", claim.attempt.0);
            attempt::run(worker, &claim, delivery, (since, turn)).await
        }
        Ok(ClaimOutcome::Busy { until }) => {
            let left = (until - worker.context.clock.now()).to_std().unwrap_or_default();
            tracing::debug!(retry_after_ms = left.as_millis(), "video is busy");
            Fate::Release(left.max(Duration::from_secs(1)))
        }
        Ok(ClaimOutcome::Exhausted) => {
            tracing::warn!("video failed: its last worker vanished");
            Fate::NOW
        }
        Ok(ClaimOutcome::Finished) => finished(worker, video).await,
        Err(error) => {
            tracing::error!(%error, "claim failed; left to the next delivery");
            Fate::Leave
        }
    }
}

/// Claims the video; during an outage of the database again and again, so
/// that it does not use up the receives of the message. `None`: the worker
/// stops, or the database does not even say that it is out.
async fn claim(
    worker: &Worker,
    video: VideoId,
    delivery: &Delivery,
) -> Option<(Instant, Result<ClaimOutcome, StoreError>)> {
    let context = &worker.context;
    let deadline = Instant::now() + context.visibility / 2;
    let mut tries = 0;
    while !worker.stops() {
        let since = Instant::now();
        let receipt = &delivery.receipt.0;
        let claim = context.store.claim(video, worker.name(), receipt, context.visibility);
        match timeout(LONGEST_STATEMENT, claim).await {
            Ok(Err(StoreError::Database(_))) | Err(_) if Instant::now() < deadline => {
                worker.stopping().run_until_cancelled(sleep(backoff(tries))).await;
                tries += 1;
            }
            Ok(outcome) => return Some((since, outcome)),
            Err(_elapsed) => return None,
        }
    }
    None
}

/// A message with nothing left to do. That of a failed video goes back, and
/// so to the dead letters, where operators look for it; unless it was they who
/// stopped it.
async fn finished(worker: &Worker, video: VideoId) -> Fate {
    match worker.context.store.video(video).await {
        Ok(Some(video)) if attempt::was_cancelled(&video) => Fate::Delete,
        Ok(Some(video)) if video.status == VideoStatus::Failed => Fate::NOW,
        Ok(_) => Fate::Delete,
        Err(_) => Fate::Leave,
    }
}

/// Gives back what was received but not begun. A message without a receive
/// left is replaced: it would be a dead letter although nothing went wrong.
async fn unclaimed(worker: &Worker, video: VideoId, delivery: &Delivery) -> Fate {
    if delivery.receive_count >= MAX_RECEIVES
        && let Ok(true) = worker.context.store.send_again(video).await
    {
        return Fate::Delete;
    }
    Fate::NOW
}
