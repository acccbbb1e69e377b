//! SIGTERM: finish what fits, hand back the rest, leave nothing running.

use std::time::Duration;

use crate::{clips, site::Site, support::processes::assert_no_ffmpeg_below};

#[tokio::test]
async fn a_worker_that_is_told_to_stop_finishes_its_video() {
    let site = Site::embedded().set("ANB_WORKER__DRAIN_TIMEOUT_S", "60");
    let _web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let mut worker = site.start("worker");
    let id = ana.uploads(clips::short(), "Casi listo").await;

    ana.waits_until(&id, |video| video["status"] == "processing").await;
    worker.terminate();

    assert!(worker.exits_within(Duration::from_mins(1)).success());
    assert_eq!(ana.video(&id).await["status"], "completed");
}

#[tokio::test]
async fn what_does_not_fit_is_handed_back_at_once_and_costs_no_try() {
    let site = Site::embedded().unhurried().set("ANB_WORKER__DRAIN_TIMEOUT_S", "1");
    let _web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let mut worker = site.start("worker");
    let id = ana.uploads(clips::long(), "A medias").await;

    ana.waits_until(&id, |video| video["progress"].as_u64() > Some(5)).await;
    worker.terminate();
    assert!(worker.exits_within(Duration::from_secs(6)).success());

    assert_no_ffmpeg_below(site.dir.path());
    assert_eq!(ana.video(&id).await["status"], "pending");
    assert_eq!(site.operator_view(&id)["attempts"].as_array().unwrap().len(), 0);
    let _next = site.start("worker");
    ana.waits_for_status(&id, "completed").await;
    assert_eq!(site.operator_view(&id)["attempts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_second_signal_does_not_wait() {
    let site = Site::embedded().unhurried().set("ANB_WORKER__DRAIN_TIMEOUT_S", "300");
    let _web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let mut worker = site.start("worker");
    let id = ana.uploads(clips::long(), "Con prisa").await;

    ana.waits_until(&id, |video| video["progress"].as_u64() > Some(5)).await;
    worker.terminate();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(worker.ended().is_none(), "one signal waits for the video");
    worker.terminate();

    worker.exits_within(Duration::from_secs(4));
    assert_no_ffmpeg_below(site.dir.path());
    assert_eq!(ana.video(&id).await["status"], "pending");
}
