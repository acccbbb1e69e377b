//! How one's own videos fare.

use anb_domain::{Failure, FailureCode, VideoId};
use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::{
    site::browser::{Browser, PageAnswer as _},
    support::{Answer, TestApp},
};

/// The list entry of one video.
async fn entry(browser: &Browser<'_>, video: VideoId) -> String {
    let html = browser.get("/me/videos").await.ok().text();
    let (_, rest) = html.split_once(&format!("<li id=\"video-{video}\"")).expect("it is listed");
    rest.split_once("</li>").unwrap().0.to_owned()
}

#[track_caller]
fn holds(entry: &str, expected: &[&str]) {
    for text in expected {
        assert!(entry.contains(text), "{text} is missing in\n{entry}");
    }
}

async fn ends(app: &TestApp, video: VideoId, failure: Failure, rejected: bool) {
    let claim = app.store.claimed(video).await;
    let ended = if rejected {
        app.store.reject(&claim, &failure, Vec::new()).await
    } else {
        app.store.fail(&claim, &failure, Vec::new()).await
    };
    assert!(ended.unwrap());
}

on_each_database! {
    async fn each_status_is_told_with_what_to_do(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        ana.get("/me/videos").await.ok().shows("No videos yet");

        let first = ana.uploads("Mate").await;
        let second = ana.uploads("Triple").await;
        holds(&entry(&ana, first).await, &["data-status=\"pending\"", "It is next in line."]);
        holds(&entry(&ana, second).await, &["It is at about place 2 in the line."]);

        let claim = app.store.claimed(first).await;
        app.store.note_progress(&claim, 42).await.unwrap();
        holds(&entry(&ana, first).await, &["data-status=\"processing\"", "value=\"42\"", "42 %"]);

        assert!(app.store.publish(&claim, anb_testkit::published()).await.unwrap());
        let published = entry(&ana, first).await;
        holds(&published, &["Published", &format!("href=\"/videos/{first}\""), "0 votes", "/result\""]);

        ends(&app, second, Failure::measured(FailureCode::TooLong, 600.0, 725.44), true).await;
        let refused = entry(&ana, second).await;
        holds(&refused, &["Not accepted", "The video lasts 725.4 s and the limit is 600 s.", "href=\"/upload\""]);
        ana.language = "es";
        holds(&entry(&ana, second).await, &["No aceptado", "El vídeo dura 725.4 s y el máximo es 600 s."]);
    }

    async fn a_video_is_deleted_once_it_is_confirmed(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        let video = ana.uploads("Mate").await;
        let path = format!("/me/videos/{video}/delete");
        holds(&entry(&ana, video).await, &[&path, "data-delete=\"Mate\""]);
        let asked = ana.get(&path).await.ok();
        asked.shows("Delete this video?");
        asked.shows("Mate");

        assert_eq!(ana.posts(&path, &[]).await.leads(), "/me/videos?done=deleted");
        ana.get("/me/videos?done=deleted").await.ok().hides("Mate");
        assert_eq!((app.files(), ana.get(&path).await.status.as_u16()), (0, 404));
    }

    async fn votes_keep_a_video(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        let video = ana.uploads("Mate").await;
        app.publishes(video).await;
        app.player("Luis").await.votes_for(video).await.ok();
        let path = format!("/me/videos/{video}/delete");
        let entry = entry(&ana, video).await;
        holds(&entry, &["1 vote", "It has votes already"]);
        assert!(!entry.contains(&path), "{entry}");
        ana.get(&path).await.ok().hides("Yes, delete it");
        let answer = ana.posts(&path, &[]).await;
        assert_eq!(answer.status, 400);
        answer.shows("A published video that has votes cannot be deleted.");
    }

    async fn nobody_gets_at_the_videos_of_others(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        let video = ana.uploads("Mate").await;
        let mut luis = Browser::of(&app, "Luis").await;
        luis.get("/me/videos").await.ok().hides("Mate");
        for page in ["delete", "original", "result"] {
            let path = format!("/me/videos/{video}/{page}");
            assert_eq!(luis.get(&path).await.status, 403, "{path}");
            assert_eq!(Browser::new(&app).get(&path).await.status, 303, "{path}");
        }
        assert_eq!(luis.posts(&format!("/me/videos/{video}/delete"), &[]).await.status, 403);
        ana.get("/me/videos").await.ok().shows("Mate");
    }

    async fn original_and_result_are_saved_under_the_title(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        let video = ana.uploads("Mate").await;
        assert_eq!(ana.get(&format!("/me/videos/{video}/result")).await.status, 404);
        app.publishes(video).await;
        for file in ["original", "result"] {
            let led = ana.get(&format!("/me/videos/{video}/{file}")).await;
            let saved = Answer::to(app.client.get(app.url(led.leads()))).await.ok();
            assert!(saved.header("content-disposition").starts_with("attachment; filename=\"Mate.mp4\""), "{file}");
        }
    }

    async fn uploads_that_were_not_finished_are_shown(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        let file = serde_json::json!({ "title": "A medias", "size": 2_500, "content_type": "video/mp4" });
        let begun = ana.own_request(Method::POST, "/api/uploads").json(&file);
        let upload = Answer::to(begun).await.ok().json();
        let page = ana.get("/me/videos").await.ok();
        page.shows("An unfinished upload");
        page.shows("A medias");
        page.shows(&format!("data-open-upload=\"{}\"", upload["upload_id"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn one_stream_tells_of_all_videos_until_nobody_listens() {
    let mut app = TestApp::on(TestStore::sqlite().await);
    let served = app.served.take().unwrap();
    let ana = Browser::of(&app, "Ana").await;
    let (first, second) = (ana.uploads("Mate").await, ana.uploads("Triple").await);
    Browser::of(&app, "Luis").await.uploads("Tapón").await;

    let mut stream = ana.request(Method::GET, "/api/videos/events").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(stream.headers()["cache-control"], "no-store");
    let mut told = String::new();
    let mut until = async |words: String| {
        while !told.contains(&words) {
            let piece = stream.chunk().await.unwrap().expect("the stream goes on");
            told += std::str::from_utf8(&piece).unwrap();
        }
        std::mem::take(&mut told)
    };
    let of = |video, rest: &str| format!("{{\"video_id\":\"{video}\",\"status\":{rest}");
    let begin = until(of(first, "\"pending\",\"progress\":0,\"place_in_line\":1}")).await;
    assert!(
        begin.contains(&of(second, "\"pending\",\"progress\":0,\"place_in_line\":2}")),
        "{begin}"
    );
    assert_eq!(begin.matches("event: status").count(), 2, "nothing of others: {begin}");

    let claim = app.store.claimed(first).await;
    app.store.note_progress(&claim, 42).await.unwrap();
    let change = until(of(first, "\"processing\",\"progress\":42}")).await;
    assert!(!change.contains(&second.to_string()), "only what changed: {change}");

    assert!(app.store.publish(&claim, anb_testkit::published()).await.unwrap());
    until(of(first, "\"completed\",\"progress\":100,\"visibility\":\"public\"}")).await;
    let delete = ana.own_request(Method::DELETE, &format!("/api/videos/{second}"));
    Answer::to(delete).await.ok();
    until(of(second, "\"deleted\",\"progress\":0}")).await;

    app.shutdown.cancel();
    assert!(stream.chunk().await.unwrap().is_none(), "the stream ends with the service");
    served.await.unwrap().unwrap();
}
