//! The way of a video that nothing happens to, and G3: one result per video.

use std::{sync::Arc, time::Duration};

use anb_domain::{FailureCode, VideoStatus::*};
use anb_media::Threads;
use anb_queue::{Job, JobQueue};
use anb_store::Outcome;
use tokio::sync::Notify;

use crate::{
    stories,
    support::{Act, Lab, TRACEPARENT, original_of},
};

stories![
    an_accepted_video_is_published,
    each_step_is_timed,
    the_trace_travels_with_the_job,
    a_clip_that_breaks_a_rule_is_rejected_once,
    a_second_message_does_nothing,
    a_late_attempt_loses_and_its_objects_are_removed,
    a_lone_job_gets_all_cores_and_a_backlog_is_shared,
    workers_share_the_videos_out,
    from_the_answer_to_the_claim_takes_no_time,
];

async fn an_accepted_video_is_published(lab: Lab) {
    let video = lab.queues().await;

    let worker = lab.starts_worker();

    let published = lab.becomes(video, Completed).await;
    assert_eq!(published.progress, 100);
    assert_eq!(published.duration_s, Some(34.5));
    assert!(published.processed_at.is_some());
    lab.holds_one_result(video).await;
    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
    assert_eq!(lab.job_folders(), 0, "nothing is left in the work folder");
    worker.drains().await;
    assert_eq!(lab.worker_folders(), 0, "not even the worker's own");
}

async fn each_step_is_timed(lab: Lab) {
    let video = lab.queues().await;

    let _worker = lab.starts_worker();
    lab.becomes(video, Completed).await;

    let attempt = lab.attempts(video).await.remove(0);
    let steps: Vec<_> = attempt.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(steps, ["download", "transcode", "upload"]);
    let size = original_of(video).len() as u64;
    assert_eq!(attempt.steps[0].size_bytes, Some(size));
    assert_eq!((attempt.steps[1].duration_ms, attempt.steps[1].cpu_ms), (1200, Some(2300)));
    assert_eq!(attempt.steps[2].size_bytes, Some(6 * size));
}

async fn the_trace_travels_with_the_job(lab: Lab) {
    lab.queues().await;
    let delivery = lab.queue.receive(1, Duration::ZERO).await.unwrap().remove(0);
    assert_eq!(delivery.traceparent.as_deref(), Some(TRACEPARENT));
}

async fn a_clip_that_breaks_a_rule_is_rejected_once(lab: Lab) {
    lab.script.then(Act::Reject(FailureCode::TooShort));
    let video = lab.queues().await;

    let _worker = lab.starts_worker();

    let rejected = lab.becomes(video, Rejected).await;
    assert_eq!(rejected.failure.unwrap().code, FailureCode::TooShort);
    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Rejected)]);
    assert_eq!(lab.objects().await, [lab.layout.original(video)], "the original is kept");
}

async fn a_second_message_does_nothing(lab: Lab) {
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.becomes(video, Completed).await;

    lab.queue.send(&Job::new(video)).await.unwrap();

    lab.queue_is_empty().await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Published)]);
    lab.holds_one_result(video).await;
}

/// A worker that was frozen for longer than its lease wakes up again, and has
/// not noticed.
async fn a_late_attempt_loses_and_its_objects_are_removed(mut lab: Lab) {
    // Not to be told by a heartbeat.
    lab.settings.heartbeat_s = 3600;
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let video = lab.queues().await;
    let late = lab.starts_worker();
    lab.until("the late attempt runs", async || lab.script.running() == 1).await;

    lab.clock.forward(lab.visibility + Duration::from_secs(1));
    lab.until("another attempt is published", async || lab.video(video).await.status == Completed)
        .await;
    cue.notify_one();
    lab.until("the late attempt ends", async || lab.script.running() == 0).await;
    late.drains().await;

    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Lost), Some(Outcome::Published)]);
    assert_eq!(lab.objects().await, lab.keys_of_published(video).await);
}

async fn a_lone_job_gets_all_cores_and_a_backlog_is_shared(lab: Lab) {
    let alone = lab.queues().await;
    let worker = lab.starts_worker();
    lab.becomes(alone, Completed).await;
    assert_eq!(lab.script.threads(), [Threads::All]);
    worker.drains().await;

    let cue = Arc::new(Notify::new());
    let mut backlog = Vec::new();
    for _ in 0..3 {
        lab.script.then(Act::Wait(Arc::clone(&cue)));
        backlog.push(lab.queues().await);
    }
    let _worker = lab.starts_worker();
    lab.until("both slots are busy", async || lab.script.running() == 2).await;

    let cores = std::thread::available_parallelism().unwrap().get();
    let share = Threads::Limited((cores / 2).max(1));
    assert_eq!(lab.script.threads()[1..], [share, share]);
    for _ in 0..3 {
        cue.notify_one();
    }
    for video in backlog {
        lab.until("the backlog is done", async || {
            cue.notify_one();
            lab.video(video).await.status == Completed
        })
        .await;
    }
}

async fn workers_share_the_videos_out(lab: Lab) {
    let mut videos = Vec::new();
    for _ in 0..6 {
        videos.push(lab.queues().await);
    }

    let _workers = [lab.starts_worker(), lab.starts_worker()];

    for video in videos {
        lab.becomes(video, Completed).await;
        assert_eq!(lab.outcomes(video).await, [Some(Outcome::Published)]);
    }
}

/// The goal is a median below 50 ms, and measured as such by the bench. Here
/// it is only made sure that nobody waits for a poll or a tick of the relay.
async fn from_the_answer_to_the_claim_takes_no_time(lab: Lab) {
    let _worker = lab.starts_worker();
    let mut waits = Vec::new();
    for _ in 0..9 {
        let video = lab.accepts().await;
        lab.wake.notify_one();
        lab.becomes(video, Completed).await;
        let attempt = lab.attempts(video).await.remove(0);
        let accepted_at = lab.video(video).await.uploaded_at.unwrap();
        waits.push((attempt.started_at - accepted_at).num_milliseconds());
    }
    waits.sort_unstable();
    assert!(waits[4] < 200, "milliseconds: {waits:?}");
}
