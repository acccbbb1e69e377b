//! Operators stop what runs.

use anb_domain::{AttemptNo, FailureCode, JobState, VideoStatus::*};
use anb_store::{Actor, Cancelled, Outcome};

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_try_is_stopped_within_seconds,
    a_worker_that_dies_with_it_does_not_revive_it,
    a_retry_works_as_ever,
    the_old_result_stays_when_a_second_making_is_stopped,
];

async fn a_try_is_stopped_within_seconds(mut lab: Lab) {
    // Not to be told by a heartbeat: a progress that does not move is enough.
    lab.settings.heartbeat_s = 60;
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    let end = lab.store.cancel_attempt(video, AttemptNo(1), &Actor::terminal()).await.unwrap();

    assert_eq!(end, Cancelled::Failed);
    lab.until("ffmpeg is told", async || lab.script.cancelled() == 1).await;
    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Failed)]);
    let failed = lab.video(video).await;
    assert_eq!((failed.status, failed.failure.unwrap().code), (Failed, FailureCode::Cancelled));
    assert_eq!(lab.objects().await, [lab.layout.original(video)]);
    worker.drains().await;
    assert_eq!(lab.worker_folders(), 0);
}

async fn a_worker_that_dies_with_it_does_not_revive_it(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    worker.dies().await;
    lab.store.cancel_attempt(video, AttemptNo(1), &Actor::terminal()).await.unwrap();

    let _next = lab.starts_worker();
    lab.clock.forward(lab.visibility);

    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Failed)]);
    assert_eq!(lab.video(video).await.status, Failed);
}

async fn a_retry_works_as_ever(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    lab.store.cancel_attempt(video, AttemptNo(1), &Actor::terminal()).await.unwrap();
    // At once, while the worker has not noticed yet.
    lab.store.retry_video(video, &Actor::terminal()).await.unwrap();
    lab.wake.notify_one();

    lab.becomes(video, Completed).await;
    lab.holds_one_result(video).await;
    lab.clock.forward(lab.visibility);
    lab.queue_is_empty().await;
}

async fn the_old_result_stays_when_a_second_making_is_stopped(lab: Lab) {
    let video = lab.publishes().await;
    lab.script.then(Act::Hang);
    lab.reprocesses(video).await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    let end = lab.store.cancel_attempt(video, AttemptNo(2), &Actor::terminal()).await.unwrap();

    assert_eq!(end, Cancelled::KeptOld);
    lab.reprocessing_is(video, JobState::Kept).await;
    lab.until("ffmpeg is told", async || lab.script.cancelled() == 1).await;
    lab.queue_is_empty().await;
    lab.holds_one_result(video).await;
}
