//! Upload → pending → queue → trim, resize, watermark → completed → votes.

use std::{path::Path, process::Command};

use anb_testkit::Postgres;
use serde_json::Value;

use crate::{clips, site::Site};

#[tokio::test]
async fn from_upload_to_ranking_on_one_machine() {
    the_main_job(Site::embedded().set("ANB_MEDIA__QUALITY", "balanced")).await;
}

#[tokio::test]
async fn from_upload_to_ranking_on_postgres() {
    let url = Postgres::blank_database().await;
    the_main_job(Site::on_postgres(&url).set("ANB_MEDIA__QUALITY", "balanced")).await;
}

async fn the_main_job(site: Site) {
    let _run = site.start("run");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let luis = site.player("Luis", "Cali").await;
    let clip = clips::short();

    let id = ana.uploads(clip, "Triple desde el logo").await;
    let video = ana.waits_for_status(&id, "completed").await;

    assert_eq!(video["progress"], 100);
    let original = site.download(video["original_url"].as_str().unwrap()).await;
    assert!(original == std::fs::read(clip).unwrap(), "the original is not kept byte for byte");

    let processed = site.dir.path().join("processed.mp4");
    let bytes = site.download(video["processed_url"].as_str().unwrap()).await;
    std::fs::write(&processed, bytes).unwrap();
    assert_is_the_product(&processed);

    assert_eq!(luis.votes_for(&id).await, 200);
    assert_eq!(luis.votes_for(&id).await, 400, "a second vote must be refused");
    assert_eq!(ana.votes_for(&id).await, 400, "a vote for oneself must be refused");
    let ranking = site.get("/api/public/rankings?city=bogotá").await;
    assert_eq!(ranking["rankings"][0]["username"], "Ana Prueba");
    assert_eq!(ranking["rankings"][0]["votes"], 1);
    assert_eq!(ranking["rankings"][0]["position"], 1);
    let public = site.get("/api/public/videos").await;
    assert_eq!(public[0]["video_id"], id.as_str());
    assert_eq!(site.objects("processed", &id).len(), 6, "video, four posters, preview");
}

fn assert_is_the_product(file: &Path) {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_streams", "-show_format", "-of", "json"])
        .arg(file)
        .output()
        .unwrap();
    let probe: Value = serde_json::from_slice(&output.stdout).unwrap();
    let streams = probe["streams"].as_array().unwrap();
    assert_eq!(streams.len(), 1, "picture only");
    let picture = &streams[0];
    assert_eq!(picture["codec_name"], "h264");
    assert_eq!(picture["profile"], "High");
    assert_eq!(picture["pix_fmt"], "yuv420p");
    assert_eq!((&picture["width"], &picture["height"]), (&1280.into(), &720.into()));
    let duration: f64 = probe["format"]["duration"].as_str().unwrap().parse().unwrap();
    assert!((duration - (2.0 + 4.5)).abs() < 0.2, "clip and cards last {duration} s");
    assert!(!probe.to_string().contains("04.6097"), "the place of recording must be gone");
}

#[tokio::test]
async fn a_clip_that_breaks_a_rule_is_rejected_with_a_sentence() {
    let site = Site::embedded().set("ANB_SHOWCASE__PRESET", "anb");
    let _run = site.start("run");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;

    let id = ana.uploads(clips::short(), "Muy corto").await;
    let video = ana.waits_for_status(&id, "rejected").await;

    assert_eq!(video["failure"]["code"], "resolution_too_low");
    assert!(video["processed_url"].is_null());
    assert_eq!(site.objects("uploads", &id).len(), 1, "the original is kept until deleted");
    assert!(site.objects("processed", &id).is_empty());
    let attempts = site.operator_view(&id)["attempts"].as_array().unwrap().len();
    assert_eq!(attempts, 1, "a rejected clip is not tried again");
}
