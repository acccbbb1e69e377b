//! Heartbeats: what keeps a video, and how its loss is noticed.

use std::time::Duration;

use anb_domain::{Clock, VideoStatus::*};
use anb_queue::JobQueue;
use anb_store::{ClaimOutcome, Outcome};

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    heartbeats_keep_the_video_and_its_message,
    progress_can_be_seen,
    a_lost_lease_cancels_the_work,
    a_video_deleted_meanwhile_is_dropped,
    a_video_that_is_busy_is_left_to_its_worker,
];

async fn heartbeats_keep_the_video_and_its_message(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    for _ in 0..3 {
        lab.clock.forward(lab.visibility * 2 / 3);
        let now = lab.clock.now();
        lab.until("lease and message are extended", async || {
            let lease = lab.attempts(video).await[0].lease_until;
            lease > now + lab.visibility * 2 / 3
        })
        .await;
    }

    assert_eq!(lab.queue.stats().await.unwrap().in_flight, 1);
    assert_eq!(lab.outcomes(video).await, [None]);
}

async fn progress_can_be_seen(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();

    lab.until("it is at 40 %", async || lab.video(video).await.progress == 40).await;
}

async fn a_lost_lease_cancels_the_work(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    let worker = lab.attempts(video).await[0].worker.clone();
    lab.store.surrender_leases(&worker).await.unwrap();
    let thief = lab.store.claim(video, "thief", "another receipt", lab.visibility).await.unwrap();
    assert!(matches!(thief, ClaimOutcome::Claimed(_)));

    lab.until("the work is cancelled", async || lab.script.cancelled() == 1).await;
    lab.until("its folder is gone", async || lab.job_folders() == 0).await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Lost), None]);
    assert_eq!(lab.video(video).await.status, Processing, "the thief has it");
}

async fn a_video_deleted_meanwhile_is_dropped(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    lab.store.delete_video(video, lab.player).await.unwrap();

    lab.until("the work is cancelled", async || lab.script.cancelled() == 1).await;
    lab.queue_is_empty().await;
    lab.until("all objects are gone", async || lab.objects().await.is_empty()).await;
    assert_eq!(lab.video(video).await.status, Deleted);
}

async fn a_video_that_is_busy_is_left_to_its_worker(lab: Lab) {
    let video = lab.queues().await;
    let other = lab.store.claim(video, "other", "receipt", lab.visibility).await.unwrap();
    assert!(matches!(other, ClaimOutcome::Claimed(_)));

    let _worker = lab.starts_worker();

    lab.until("the message waits for the end of the lease", async || {
        lab.queue.stats().await.unwrap().delayed == 1
    })
    .await;
    assert_eq!(lab.outcomes(video).await, [None]);
    lab.clock.forward(lab.visibility + Duration::from_secs(1));
    lab.becomes(video, Completed).await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Lost), Some(Outcome::Published)]);
}
