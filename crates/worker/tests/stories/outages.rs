//! What the worker depends on goes away for a while.

use std::{
    sync::{Arc, atomic::Ordering::SeqCst},
    time::Duration,
};

use anb_domain::{FailureCode, VideoStatus::*};
use anb_queue::{JobQueue, QueueError};
use anb_store::Outcome;
use anb_worker::relay::{self, RelayError};
use tokio::sync::Notify;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_message_waits_for_the_queue_to_come_back,
    a_video_is_finished_without_the_queue,
    a_worker_waits_for_the_queue_to_come_back,
    storage_out_is_a_failed_try_and_leaves_nothing,
    a_result_survives_an_outage_of_the_database,
    a_message_survives_an_outage_of_the_database,
];

async fn a_message_waits_for_the_queue_to_come_back(lab: Lab) {
    lab.queue.cut_off.store(true, SeqCst);
    let videos = [lab.accepts().await, lab.accepts().await];
    let down = relay::send_due(&lab.store, lab.queue.as_ref()).await;
    assert!(matches!(down, Err(RelayError::Queue(QueueError::Unavailable(_)))), "{down:?}");
    assert_eq!(lab.store.outbox_backlog().await.unwrap().0, 2, "both are kept");
    let _worker = lab.starts_worker();

    lab.queue.cut_off.store(false, SeqCst);

    for video in videos {
        lab.becomes(video, Completed).await;
    }
    assert_eq!(lab.store.outbox_backlog().await.unwrap(), (0, None));
}

async fn a_video_is_finished_without_the_queue(lab: Lab) {
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    lab.queue.cut_off.store(true, SeqCst);
    cue.notify_one();
    lab.becomes(video, Completed).await;

    lab.queue.cut_off.store(false, SeqCst);
    lab.clock.forward(lab.visibility);
    lab.queue_is_empty().await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Published)]);
}

async fn a_worker_waits_for_the_queue_to_come_back(lab: Lab) {
    let video = lab.queues().await;
    lab.queue.cut_off.store(true, SeqCst);
    let _worker = lab.starts_worker();
    lab.until("the worker is up", async || lab.worker_folders() == 1).await;
    assert_eq!(lab.video(video).await.status, Pending);

    lab.queue.cut_off.store(false, SeqCst);

    lab.becomes(video, Completed).await;
}

async fn storage_out_is_a_failed_try_and_leaves_nothing(mut lab: Lab) {
    // The next try must not begin before storage is back.
    let pause = Duration::from_mins(1);
    lab.settings.retry_delay_s = pause.as_secs();
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    lab.storage.cut_off.store(true, SeqCst);
    cue.notify_one();
    lab.until("the try has failed", async || lab.outcomes(video).await[0] == Some(Outcome::Failed))
        .await;
    lab.storage.cut_off.store(false, SeqCst);

    let failure = lab.attempts(video).await.remove(0).failure.unwrap();
    assert_eq!(failure.code, FailureCode::StorageUnavailable);
    lab.until("the message is given back", async || lab.queue.stats().await.unwrap().delayed == 1)
        .await;
    lab.clock.forward(pause);
    lab.becomes(video, Completed).await;
    lab.holds_one_result(video).await;
}

async fn a_result_survives_an_outage_of_the_database(lab: Lab) {
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    lab.database.goes_away().await;
    cue.notify_one();
    lab.until("the result is in storage", async || lab.objects().await.len() == 7).await;
    // Long enough for heartbeats and the result to fail more than once.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    lab.database.comes_back().await;

    lab.becomes(video, Completed).await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Published)], "at the first try");
    lab.holds_one_result(video).await;
}

async fn a_message_survives_an_outage_of_the_database(lab: Lab) {
    let video = lab.queues().await;
    lab.database.goes_away().await;
    let _worker = lab.starts_worker();
    lab.until("the message is received", async || lab.queue.stats().await.unwrap().in_flight == 1)
        .await;
    tokio::time::sleep(Duration::from_millis(500)).await;

    lab.database.comes_back().await;

    assert_eq!(lab.becomes(video, Completed).await.tries, 1);
    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
}
