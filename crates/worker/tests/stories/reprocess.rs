//! Published videos are made again with a new recipe.

use std::{sync::Arc, time::Duration};

use anb_domain::{AttemptNo, FailureCode, JobState, RunScope, VideoId, VideoStatus::*};
use anb_queue::JobQueue;
use anb_store::{Actor, Outcome};
use tokio::sync::Notify;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_new_result_takes_the_place_of_the_old_one,
    the_old_one_can_be_watched_until_then_and_a_while_longer,
    three_failures_leave_the_old_result_and_no_dead_letter,
    a_try_that_goes_wrong_is_followed_by_another,
    a_worker_that_is_killed_is_followed_by_another,
    a_message_that_is_lost_is_sent_again,
    fresh_uploads_stay_first,
    a_sweep_finds_nothing_to_remove,
    a_video_that_is_deleted_meanwhile_is_gone,
    a_stop_hands_it_back,
    workers_say_with_which_recipe_they_work,
];

async fn is_made_again(lab: &Lab, video: VideoId, attempt: u32) {
    lab.reprocessing_is(video, JobState::Done).await;
    assert_eq!(lab.video(video).await.attempt, AttemptNo(attempt));
    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
    lab.holds_only_the_new_result(video).await;
}

async fn a_new_result_takes_the_place_of_the_old_one(lab: Lab) {
    let video = lab.publishes().await;
    assert_eq!(lab.video(video).await.recipe.as_deref(), Some(""));
    *lab.script.recipe.lock().unwrap() = "new".into();
    lab.reprocesses(video).await;

    let _worker = lab.starts_worker();

    is_made_again(&lab, video, 2).await;
    assert_eq!(lab.video(video).await.recipe.as_deref(), Some("new"));
    assert_eq!(lab.job_folders(), 0);
}

async fn the_old_one_can_be_watched_until_then_and_a_while_longer(lab: Lab) {
    let video = lab.publishes().await;
    let old = lab.keys_of_published(video).await;
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    lab.reprocesses(video).await;
    let _worker = lab.starts_worker();
    lab.until("it is being made", async || lab.script.running() == 1).await;

    assert_eq!(lab.video(video).await.status, Completed);
    assert_eq!(lab.keys_of_published(video).await, old);
    lab.reconciles().await;
    lab.sweeps().await;
    assert_eq!(lab.objects().await, old);

    cue.notify_one();
    lab.reprocessing_is(video, JobState::Done).await;
    lab.reconciles().await;
    for key in old {
        assert!(lab.storage.has(&key).await, "somebody may be watching {key}");
    }
    lab.holds_only_the_new_result(video).await;
}

async fn three_failures_leave_the_old_result_and_no_dead_letter(lab: Lab) {
    let video = lab.publishes().await;
    for _ in 0..3 {
        lab.script.then(Act::Fail(FailureCode::ProcessingFailed));
    }
    lab.reprocesses(video).await;

    let _worker = lab.starts_worker();

    lab.reprocessing_is(video, JobState::Kept).await;
    lab.queue_is_empty().await;
    assert_eq!(lab.dead_letters().await, 0);
    let kept = lab.video(video).await;
    assert_eq!((kept.status, kept.attempt, kept.failure), (Completed, AttemptNo(1), None));
    lab.holds_one_result(video).await;
}

async fn a_try_that_goes_wrong_is_followed_by_another(lab: Lab) {
    let video = lab.publishes().await;
    lab.script.then(Act::Fail(FailureCode::TimedOut));
    lab.reprocesses(video).await;

    let _worker = lab.starts_worker();

    is_made_again(&lab, video, 3).await;
    let failed = lab.outcomes(video).await[1];
    assert_eq!(failed, Some(Outcome::Failed));
}

async fn a_worker_that_is_killed_is_followed_by_another(lab: Lab) {
    let video = lab.publishes().await;
    lab.script.then(Act::Hang);
    lab.reprocesses(video).await;
    let killed = lab.starts_worker();
    lab.until("it is being made", async || lab.script.running() == 1).await;
    killed.dies().await;

    let _next = lab.starts_worker();

    is_made_again(&lab, video, 3).await;
    assert_eq!(lab.outcomes(video).await[1], Some(Outcome::Lost));
}

async fn a_message_that_is_lost_is_sent_again(lab: Lab) {
    let video = lab.publishes().await;
    lab.reprocesses(video).await;
    assert_eq!(lab.store.pace_reprocessing("a worker that is gone", 1).await.unwrap(), 1);
    anb_worker::relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap();
    let delivery = lab.queue.receive(1, Duration::ZERO).await.unwrap().remove(0);
    lab.queue.delete(&delivery.receipt).await.unwrap();
    lab.clock.forward(Duration::from_secs(61));

    assert_eq!(lab.reconciles().await.messages_sent_again, 1);
    let _worker = lab.starts_worker();

    is_made_again(&lab, video, 2).await;
}

/// One slot, a showcase to be made again, and somebody uploads.
async fn fresh_uploads_stay_first(mut lab: Lab) {
    lab.settings.slots = Some(1);
    let published = [lab.publishes().await, lab.publishes().await, lab.publishes().await];
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    lab.store.reprocess_all(RunScope::All, &Actor::terminal()).await.unwrap();
    let _worker = lab.starts_worker();
    lab.until("the first is being made again", async || lab.script.running() == 1).await;

    let fresh = [lab.queues().await, lab.queues().await];
    let figures = lab.store.runs(1).await.unwrap()[0].figures;
    assert_eq!((figures.under_way, figures.wanted), (1, 2), "one at a time");
    cue.notify_one();
    for video in fresh {
        lab.becomes(video, Completed).await;
    }
    for video in published {
        lab.reprocessing_is(video, JobState::Done).await;
    }

    let mut ended = Vec::new();
    for video in published.into_iter().chain(fresh) {
        let last = lab.attempts(video).await.pop().unwrap();
        ended.push((last.started_at, last.reprocess));
    }
    ended.sort_unstable();
    let order: Vec<_> = ended.into_iter().map(|(_, reprocess)| reprocess).collect();
    assert_eq!(order, [true, false, false, true, true]);
}

async fn a_sweep_finds_nothing_to_remove(lab: Lab) {
    let video = lab.publishes().await;
    lab.reprocesses(video).await;
    let worker = lab.starts_worker();
    lab.reprocessing_is(video, JobState::Done).await;
    worker.drains().await;
    // Objects of that age are removed when nobody knows them.
    lab.clock.forward(Duration::from_secs(3599));
    let before = lab.objects().await;

    let report = lab.sweeps().await;

    assert_eq!((report.strays_removed, report.videos_restored), (0, 0));
    assert_eq!(lab.objects().await, before);
}

async fn a_video_that_is_deleted_meanwhile_is_gone(lab: Lab) {
    let video = lab.publishes().await;
    lab.script.then(Act::Hang);
    lab.reprocesses(video).await;
    let _worker = lab.starts_worker();
    lab.until("it is being made", async || lab.script.running() == 1).await;

    lab.store.delete_video(video, lab.player).await.unwrap();

    lab.until("ffmpeg is told", async || lab.script.cancelled() == 1).await;
    lab.until("nothing is left", async || lab.objects().await.is_empty()).await;
    lab.queue_is_empty().await;
}

async fn a_stop_hands_it_back(mut lab: Lab) {
    let video = lab.publishes().await;
    lab.settings.drain_timeout_s = 0;
    lab.script.then(Act::Hang);
    lab.reprocesses(video).await;
    let worker = lab.starts_worker();
    lab.until("it is being made", async || lab.script.running() == 1).await;
    worker.drains().await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Published)], "no try was made");

    let _next = lab.starts_worker();

    is_made_again(&lab, video, 3).await;
}

async fn workers_say_with_which_recipe_they_work(lab: Lab) {
    let current = async || lab.store.recipe_count().await.unwrap().current;
    *lab.script.recipe.lock().unwrap() = "one".into();
    let _worker = lab.starts_worker();
    lab.until("it is said", async || current().await.as_deref() == Some("one")).await;
    *lab.script.recipe.lock().unwrap() = "two".into();
    lab.until("a change is said", async || current().await.as_deref() == Some("two")).await;
}
