//! A player's own videos.

use std::time::Duration;

use anb_domain::{Failure, FailureCode, VideoId};
use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::support::{Answer, TestApp};

macro_rules! assert_video_snapshot {
    ($name:expr, $json:expr) => {
        insta::assert_json_snapshot!($name, $json, {
            ".video_id" => "[id]", ".original_url" => "[link]", ".processed_url" => "[link]",
            ".poster_url" => "[link]", "[].video_id" => "[id]", "[].original_url" => "[link]",
        })
    };
}

fn path(video: VideoId) -> String {
    format!("/api/videos/{video}")
}

async fn rejected(app: &TestApp, video: VideoId) {
    let claim = app.store.claimed(video).await;
    let failure = Failure::measured(FailureCode::TooLong, 600.0, 725.44).with_detail("secret");
    assert!(app.store.reject(&claim, &failure, Vec::new()).await.unwrap());
}

on_each_database! {
    async fn an_owner_follows_a_video_through_its_life(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        assert_eq!(ana.get("/api/videos").await.json(), serde_json::json!([]));

        let video = ana.uploads("Mate").await;
        assert_video_snapshot!("video_pending", ana.get(&path(video)).await.ok().json());
        assert_video_snapshot!("videos", ana.get("/api/videos/").await.ok().json());

        app.clock().advance(Duration::from_secs(90));
        app.publishes(video).await;
        assert_video_snapshot!("video_completed", ana.get(&path(video)).await.ok().json());
    }

    async fn a_rejection_is_explained_in_the_language_of_the_request(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.uploads("Partido entero").await;
        rejected(&app, video).await;
        for language in ["es", "en"] {
            let answer = ana.get_in(language, &path(video)).await.ok();
            assert_video_snapshot!(format!("video_rejected_{language}"), answer.json());
        }
    }

    async fn nobody_else_sees_or_deletes_it(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate").await;
        for answer in [
            luis.get(&path(video)).await,
            luis.get(&format!("{}/events", path(video))).await,
            luis.delete(&path(video)).await,
        ] {
            assert_eq!(answer.problem(), (403, "not_owner".into()));
        }
        assert_eq!(luis.get("/api/videos").await.json(), serde_json::json!([]));
    }

    async fn what_does_not_exist_is_not_found(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        for id in ["0190d5a4-5c3f-7c1e-9a52-0d5f0a6c7b11", "7", "x%00y"] {
            for answer in [
                ana.get(&format!("/api/videos/{id}")).await,
                ana.get(&format!("/api/videos/{id}/events")).await,
                ana.delete(&format!("/api/videos/{id}")).await,
            ] {
                assert_eq!(answer.problem(), (404, "video_not_found".into()), "{id}");
            }
        }
    }

    async fn a_deleted_video_is_gone_with_all_its_files(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        assert_eq!(app.objects().await.len(), 7);

        let answer = ana.delete(&path(video)).await.ok();
        assert_video_snapshot!("deleted", answer.json());

        assert_eq!(ana.get(&path(video)).await.status, 404);
        assert_eq!(ana.delete(&path(video)).await.status, 404);
        assert_eq!(app.get(&format!("/api/public/videos/{video}")).await.status, 404);
        assert_eq!(app.files(), 0);
    }

    async fn votes_cast_in_good_faith_keep_a_published_video(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate").await;
        luis.votes_for(video).await.ok();
        assert_eq!(ana.delete(&path(video)).await.problem(), (400, "has_votes".into()));
        assert_eq!(app.objects().await.len(), 7);

        luis.delete(&format!("/api/public/videos/{video}/vote")).await.ok();
        ana.delete(&path(video)).await.ok();
    }
}

#[tokio::test]
async fn events_tell_each_change_and_end_with_the_last() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let video = ana.uploads("Mate").await;
    // As a browser's EventSource does it: no header, the token in the address.
    let url = app.url(&format!("{}/events?access_token={}", path(video), ana.token));
    let mut events = app.client.get(url).send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    assert_eq!(events.headers()["cache-control"], "no-store");
    let mut told = String::new();
    let mut until = async |words: &str| {
        while !told.contains(words) {
            let piece = events.chunk().await.unwrap();
            told += std::str::from_utf8(&piece.expect("the stream goes on")).unwrap();
        }
        told.clone()
    };
    until("\"status\":\"pending\"").await;

    let claim = app.store.claimed(video).await;
    app.store.note_progress(&claim, 42).await.unwrap();
    until("\"progress\":42").await;

    assert!(app.store.publish(&claim, anb_testkit::published()).await.unwrap());
    let all = until("\"status\":\"completed\"").await;
    assert!(events.chunk().await.unwrap().is_none(), "the stream ends");
    let without_id = all.replace(&video.to_string(), "[id]");
    insta::assert_snapshot!("events", without_id);

    // A browser comes back by itself; 204 makes it stop.
    let again = ana.request(Method::GET, &format!("{}/events", path(video)));
    let again = Answer::to(again.header("last-event-id", "completed-100")).await;
    assert_eq!(again.status, 204);
    let afresh = ana.get(&format!("{}/events", path(video))).await.ok();
    assert!(afresh.text().contains("completed"));
}

#[tokio::test]
async fn events_end_when_the_service_stops() {
    let mut app = TestApp::on(TestStore::sqlite().await);
    let served = app.served.take().unwrap();
    let ana = app.player("Ana").await;
    let video = ana.uploads("Mate").await;
    let request = ana.request(Method::GET, &format!("{}/events", path(video)));
    let mut events = request.send().await.unwrap();
    events.chunk().await.unwrap().expect("the first event");
    app.shutdown.cancel();
    assert!(events.chunk().await.unwrap().is_none());
    tokio::time::timeout(Duration::from_secs(3), served).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn the_original_is_saved_under_the_videos_title() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let video = ana.uploads("Canastón / \"final\"").await;
    let link = ana.get(&path(video)).await.json()["original_url"].as_str().unwrap().to_owned();
    let file = Answer::to(app.client.get(link)).await.ok();
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"Canast_n _ _final_.mp4\"; \
         filename*=UTF-8''Canast%C3%B3n%20_%20%22final%22.mp4"
    );
}
