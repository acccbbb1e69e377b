//! `kill -9` of real processes. Whatever dies, every accepted video ends
//! once, nothing stray stays, and nobody has to help.

use std::path::PathBuf;

use anb_testkit::Postgres;
use serde_json::Value;

use crate::{
    clips,
    site::{Player, Site},
    support::processes::assert_no_ffmpeg_below,
};

fn is_halfway(video: &Value) -> bool {
    video["status"] == "processing" && video["progress"].as_u64() > Some(10)
}

fn outcomes(operator_view: &Value) -> Vec<String> {
    operator_view["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["outcome"].as_str().unwrap_or("running").to_owned())
        .collect()
}

async fn ends_completed_once(site: &Site, ana: &Player<'_>, id: &str) {
    ana.waits_for_status(id, "completed").await;
    let view = site.operator_view(id);
    assert_eq!(outcomes(&view).iter().filter(|outcome| *outcome == "published").count(), 1);
    site.runs(&["admin", "reconcile", "--sweep"]);
    assert_eq!(site.objects("processed", id).len(), 6, "one result and no stray object");
    assert_eq!(site.objects("uploads", id).len(), 1);
}

#[tokio::test]
async fn a_worker_killed_in_the_middle_of_a_transcode_on_sqlite() {
    a_worker_killed_in_the_middle_of_a_transcode(Site::embedded().unhurried()).await;
}

#[tokio::test]
async fn a_worker_killed_in_the_middle_of_a_transcode_on_postgres() {
    let url = Postgres::blank_database().await;
    a_worker_killed_in_the_middle_of_a_transcode(Site::on_postgres(&url).unhurried()).await;
}

async fn a_worker_killed_in_the_middle_of_a_transcode(site: Site) {
    let _web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let mut worker = site.start("worker");
    let id = ana.uploads(clips::long(), "A medias").await;

    ana.waits_until(&id, is_halfway).await;
    worker.kill();
    assert_no_ffmpeg_below(site.dir.path());

    let _restarted = site.start("worker");
    ends_completed_once(&site, &ana, &id).await;
    assert_eq!(outcomes(&site.operator_view(&id)), ["lost", "published"]);
}

#[tokio::test]
async fn everything_killed_right_after_the_answer_loses_nothing() {
    let site = Site::embedded();
    let mut run = site.start("run");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let clip = clips::short();

    let id = ana.uploads(clip, "Justo después").await;
    run.kill();
    let _restarted = site.start("run");
    site.is_up().await;

    ends_completed_once(&site, &ana, &id).await;
    let video = ana.video(&id).await;
    let original = site.download(video["original_url"].as_str().unwrap()).await;
    assert!(original == std::fs::read(clip).unwrap(), "the original is not kept byte for byte");
}

#[tokio::test]
async fn a_video_that_kills_its_worker_three_times_fails_with_a_reason() {
    let site = Site::embedded().unhurried();
    let _web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let poison = ana.uploads(clips::long(), "Veneno").await;

    for round in 1..=3 {
        let mut worker = site.start("worker");
        ana.waits_until(&poison, |video| {
            is_halfway(video) && outcomes(&site.operator_view(&poison)).len() == round
        })
        .await;
        worker.kill();
        assert_no_ffmpeg_below(site.dir.path());
    }
    let _worker = site.start("worker");
    let video = ana.waits_for_status(&poison, "failed").await;

    assert_eq!(video["failure"]["code"], "worker_lost");
    assert_eq!(outcomes(&site.operator_view(&poison)), ["lost", "lost", "lost"]);
    site.runs(&["admin", "reconcile", "--sweep"]);
    assert!(site.objects("processed", &poison).is_empty());

    let next = ana.uploads(clips::short(), "El siguiente").await;
    ana.waits_for_status(&next, "completed").await;

    site.runs(&["admin", "video", "retry", &poison]);
    ends_completed_once(&site, &ana, &poison).await;
}

#[tokio::test]
async fn an_upload_cut_off_by_the_death_of_the_server_leaves_nothing() {
    let site = Site::embedded();
    let mut web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let half = ana.begins_upload_and_stalls(clips::long()).await;

    web.kill();
    drop(half);
    assert!(!site.all_objects().is_empty(), "bytes had arrived when the server died");
    site.runs(&["admin", "reconcile", "--sweep"]);
    assert!(!site.all_objects().is_empty(), "a running upload must not lose its bytes");

    site.a_day_passes().await;
    site.runs(&["admin", "reconcile", "--sweep"]);
    assert_eq!(site.all_objects(), Vec::<PathBuf>::new());
}
