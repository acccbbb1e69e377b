//! G4: three tries, then `failed` and a dead letter.

use std::time::Duration;

use anb_domain::{FailureCode, VideoStatus::*};
use anb_queue::JobQueue;
use anb_store::Outcome;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_try_that_goes_wrong_is_followed_by_another,
    the_second_try_waits,
    the_third_failure_is_the_last,
    a_panic_is_a_failure_like_any_other,
    a_missing_original_fails_the_video,
    a_damaged_original_is_never_published,
    an_operators_retry_gives_three_more_tries,
    poison_never_blocks_the_queue,
];

async fn a_try_that_goes_wrong_is_followed_by_another(lab: Lab) {
    lab.script.then(Act::Fail(FailureCode::TimedOut));
    let video = lab.queues().await;

    let _worker = lab.starts_worker();

    let published = lab.becomes(video, Completed).await;
    assert_eq!(published.tries, 2);
    assert_eq!(published.failure, None);
    let attempts = lab.attempts(video).await;
    assert_eq!(attempts[0].failure.as_ref().unwrap().code, FailureCode::TimedOut);
    assert_eq!(attempts[0].steps[0].step, "download", "what was done is on record");
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Failed), Some(Outcome::Published)]);
    lab.holds_one_result(video).await;
}

async fn the_second_try_waits(mut lab: Lab) {
    lab.settings.retry_delay_s = 100;
    lab.script.then(Act::Fail(FailureCode::ProcessingFailed));
    let video = lab.queues().await;
    let _worker = lab.starts_worker();

    lab.until("the message waits", async || lab.queue.stats().await.unwrap().delayed == 1).await;
    assert_eq!(lab.video(video).await.status, Pending);
    lab.clock.forward(Duration::from_secs(101));

    lab.becomes(video, Completed).await;
}

async fn the_third_failure_is_the_last(lab: Lab) {
    for _ in 0..3 {
        lab.script.then(Act::Fail(FailureCode::ProcessingFailed));
    }
    let video = lab.queues().await;

    let _worker = lab.starts_worker();

    let failed = lab.becomes(video, Failed).await;
    assert_eq!(failed.failure.unwrap().code, FailureCode::ProcessingFailed);
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Failed); 3]);
    lab.until("the message is dead", async || lab.dead_letters().await == 1).await;
    lab.queue_is_empty().await;
    lab.reconciles().await;
    assert_eq!(lab.video(video).await.status, Failed, "and stays so");
    assert_eq!(lab.dead_letters().await, 1);
}

async fn a_panic_is_a_failure_like_any_other(lab: Lab) {
    lab.script.then(Act::Panic);
    let video = lab.queues().await;

    let _worker = lab.starts_worker();

    lab.becomes(video, Completed).await;
    let failure = lab.attempts(video).await.remove(0).failure.unwrap();
    assert_eq!(failure.code, FailureCode::Internal);
    assert_eq!(failure.detail.as_deref(), Some("panic: as scripted"));
    assert_eq!(lab.job_folders(), 0);
}

async fn a_missing_original_fails_the_video(lab: Lab) {
    use anb_blob::BlobStore;
    let video = lab.queues().await;
    lab.storage.delete(&lab.layout.original(video)).await.unwrap();

    let _worker = lab.starts_worker();

    let failed = lab.becomes(video, Failed).await;
    assert_eq!(failed.failure.unwrap().code, FailureCode::OriginalMissing);
}

async fn a_damaged_original_is_never_published(lab: Lab) {
    let video = lab.queues().await;
    lab.storage.holds(&lab.layout.original(video), b"something else").await;

    let _worker = lab.starts_worker();

    let failed = lab.becomes(video, Failed).await;
    assert_eq!(failed.failure.unwrap().code, FailureCode::StorageUnavailable);
    assert!(lab.script.threads().is_empty(), "nobody has looked at it");
}

async fn an_operators_retry_gives_three_more_tries(lab: Lab) {
    for _ in 0..5 {
        lab.script.then(Act::Fail(FailureCode::ProcessingFailed));
    }
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.becomes(video, Failed).await;

    lab.store.retry_video(video, &anb_store::Actor::terminal()).await.unwrap();
    lab.wake.notify_one();

    assert_eq!(lab.becomes(video, Completed).await.tries, 3);
    lab.holds_one_result(video).await;
}

async fn poison_never_blocks_the_queue(mut lab: Lab) {
    lab.settings.slots = Some(1);
    for body in ["", "{}", "not json", r#"{"v":2,"video_id":"x"}"#] {
        lab.queue.send_body(body).await;
    }
    let video = lab.queues().await;

    let _worker = lab.starts_worker();

    lab.becomes(video, Completed).await;
    lab.until("the poison is dead", async || lab.dead_letters().await == 4).await;
    lab.queue_is_empty().await;
}
