//! One vote per player and video.

use std::time::Duration;

use anb_domain::VideoId;
use anb_testkit::{TestStore, on_each_database};
use serde_json::json;

use crate::support::TestApp;

fn path(video: VideoId) -> String {
    format!("/api/public/videos/{video}/vote")
}

on_each_database! {
    async fn a_vote_is_cast_seen_and_withdrawn(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate").await;
        let status = async || {
            let status = luis.get(&format!("{}-status", path(video))).await.ok().json();
            (status["has_voted"].clone(), status["total_votes"].clone())
        };
        assert_eq!(status().await, (json!(false), json!(0)));

        let cast = luis.votes_for(video).await.ok();
        insta::assert_json_snapshot!("vote", cast.json(), { ".video_id" => "[id]" });
        assert_eq!(status().await, (json!(true), json!(1)));
        assert_eq!(luis.votes_for(video).await.problem(), (400, "already_voted".into()));

        let withdrawn = luis.delete(&path(video)).await.ok();
        insta::assert_json_snapshot!("vote_withdrawn", withdrawn.json(), { ".video_id" => "[id]" });
        assert_eq!(status().await, (json!(false), json!(0)));
        assert_eq!(luis.delete(&path(video)).await.problem(), (400, "not_voted".into()));
        luis.post(&format!("{}/", path(video))).await.ok();
    }

    async fn nobody_votes_for_themselves_or_for_what_is_not_published(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let published = ana.has_published("Mate").await;
        let pending = ana.uploads("Secreto").await;
        assert_eq!(ana.votes_for(published).await.problem(), (400, "own_video".into()));
        let missing = (404, "video_not_found".to_owned());
        assert_eq!(luis.votes_for(pending).await.problem(), missing);
        assert_eq!(luis.delete(&path(pending)).await.problem(), missing);
        assert_eq!(luis.get(&format!("{}-status", path(pending))).await.problem(), missing);
        assert_eq!(luis.post("/api/public/videos/7/vote").await.problem(), missing);
    }

    async fn after_the_close_votes_stay_as_they_are(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            settings.showcase.voting.closes_at = Some("2026-05-01T12:05:00Z".parse().unwrap());
        });
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate").await;
        luis.votes_for(video).await.ok();

        app.clock().advance(Duration::from_mins(5));
        let eva = app.player("Eva").await;
        assert_eq!(eva.votes_for(video).await.problem(), (400, "voting_closed".into()));
        assert_eq!(luis.delete(&path(video)).await.problem(), (400, "voting_closed".into()));
        assert_eq!(app.get(&format!("/api/public/videos/{video}")).await.json()["votes"], 1);
    }
}

#[tokio::test]
async fn who_votes_too_often_is_asked_to_wait_and_others_are_not() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.votes_per_minute = 2;
    });
    let ana = app.player("Ana").await;
    let luis = app.player("Luis").await;
    let eva = app.player("Eva").await;
    let video = ana.has_published("Mate").await;
    luis.votes_for(video).await.ok();
    luis.delete(&path(video)).await.ok();
    let third = luis.votes_for(video).await;
    assert_eq!(third.problem(), (429, "too_many_requests".into()));
    let wait: u64 = third.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    eva.votes_for(video).await.ok();
}
