//! G8: an orderly end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anb_domain::VideoStatus::*;
use anb_queue::JobQueue;
use anb_store::Outcome;
use tokio::sync::Notify;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_running_job_may_finish,
    what_does_not_finish_is_handed_back,
    a_hand_back_is_no_try,
    hand_backs_never_use_up_a_message,
    a_second_signal_does_not_wait,
    an_idle_worker_ends_at_once,
    nothing_is_received_after_the_signal,
    what_was_received_but_not_begun_is_given_back,
];

async fn a_running_job_may_finish(lab: Lab) {
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    worker.shutdown.drain.cancel();
    cue.notify_one();
    worker.ends().await;

    assert_eq!(lab.video(video).await.status, Completed);
    lab.holds_one_result(video).await;
}

async fn what_does_not_finish_is_handed_back(mut lab: Lab) {
    lab.settings.drain_timeout_s = 0;
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    worker.drains().await;

    assert_eq!((lab.script.running(), lab.script.cancelled()), (0, 1));
    assert_eq!(lab.video(video).await.status, Pending);
    assert_eq!(lab.queue.stats().await.unwrap().visible, 1, "for another worker, at once");
    assert_eq!(lab.worker_folders(), 0);
}

async fn a_hand_back_is_no_try(mut lab: Lab) {
    lab.settings.drain_timeout_s = 0;
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let first = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    first.drains().await;
    assert!(lab.attempts(video).await.is_empty());

    let _second = lab.starts_worker();

    assert_eq!(lab.becomes(video, Completed).await.tries, 1);
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Published)]);
    lab.holds_one_result(video).await;
}

async fn hand_backs_never_use_up_a_message(mut lab: Lab) {
    lab.settings.drain_timeout_s = 0;
    let video = lab.queues().await;
    for deployment in 1..=4 {
        lab.script.then(Act::Hang);
        let worker = lab.starts_worker();
        let running = format!("deployment {deployment} works on it");
        lab.until(&running, async || lab.script.running() == 1).await;
        worker.drains().await;
    }

    let _worker = lab.starts_worker();

    assert_eq!(lab.becomes(video, Completed).await.tries, 1);
    assert_eq!(lab.dead_letters().await, 0);
}

async fn a_second_signal_does_not_wait(mut lab: Lab) {
    lab.settings.drain_timeout_s = 3600;
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    worker.shutdown.drain.cancel();
    worker.shutdown.abort.cancel();
    worker.ends().await;

    assert_eq!(lab.video(video).await.status, Pending);
    assert_eq!(lab.script.running(), 0);
}

async fn an_idle_worker_ends_at_once(lab: Lab) {
    let worker = lab.starts_worker();
    lab.until("the worker is up", async || lab.worker_folders() == 1).await;

    let signalled = Instant::now();
    worker.drains().await;

    assert!(signalled.elapsed() < Duration::from_secs(5), "not a whole long poll");
}

async fn nothing_is_received_after_the_signal(lab: Lab) {
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let first = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    worker.shutdown.drain.cancel();
    let second = lab.queues().await;
    cue.notify_one();
    worker.ends().await;

    assert_eq!(lab.video(first).await.status, Completed);
    assert_eq!(lab.video(second).await.status, Pending);
    let stats = lab.queue.stats().await.unwrap();
    assert_eq!((stats.visible, stats.in_flight), (1, 0));
}

async fn what_was_received_but_not_begun_is_given_back(lab: Lab) {
    let video = lab.queues().await;
    lab.database.goes_away().await;
    let worker = lab.starts_worker();
    lab.until("the message is received", async || lab.queue.stats().await.unwrap().in_flight == 1)
        .await;

    worker.drains().await;

    assert_eq!(lab.queue.stats().await.unwrap().visible, 1);
    lab.database.comes_back().await;
    assert_eq!(lab.video(video).await.tries, 0);
}
