//! What is logged of a request, and what never is.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "web/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the other tests use the rest")]
mod support;

use anb_testkit::{Log, TestStore};
use serde_json::Value;
use support::{Answer, BrokenStorage, Form, TestApp, clip};

/// The line of a request that has been answered.
fn line_of(log: &Log, answer: &Answer) -> Value {
    let id = answer.header("x-request-id");
    let lines = log.lines();
    let is_it =
        |line: &&Value| line["span"]["request_id"] == id && line["fields"]["message"] == "request";
    lines.iter().find(is_it).cloned().expect("the request is logged")
}

/// One process, one log: all in one test.
#[tokio::test]
async fn a_line_per_request_names_the_request_and_nobody() {
    let log = Log::of_this_process();
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let answer = ana.sends(Form::new().title("Jugada secreta").file(clip(5_000))).await.ok();
    let video = answer.json()["video_id"].as_str().unwrap().to_owned();
    let line = line_of(&log, &answer);
    assert_eq!(line["span"]["method"], "POST");
    assert_eq!(line["span"]["route"], "/api/videos/upload");
    assert_eq!(line["span"]["video_id"], video);
    assert_eq!(line["fields"]["status"], 201);
    assert!(line["fields"]["duration_ms"].is_u64());

    let shown = ana.get(&format!("/api/videos/{video}/?access_token={}", ana.token)).await.ok();
    assert_eq!(line_of(&log, &shown)["span"]["route"], "/api/videos/{id}");
    let original = shown.json()["original_url"].as_str().unwrap().to_owned();
    let (_, signature) = original.split_once("signature=").unwrap();
    let signature = signature.split('&').next().unwrap();
    Answer::to(app.client.get(&original)).await.ok();
    let nowhere = app.get("/api/ana@example.com").await;
    assert_eq!(line_of(&log, &nowhere)["span"]["route"], "");

    let text = log.text();
    for secret in [
        "ana@example.com",
        "aro-tablero-red",
        &ana.token,
        signature,
        "Jugada secreta",
        "jugada.mp4",
    ] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
    drop(app);

    let app =
        TestApp::builder(TestStore::sqlite().await).storage(BrokenStorage::Unavailable).start();
    let luis = app.player("Luis").await;
    let failed = luis.sends(Form::new().title("Mate").file(clip(5_000))).await;
    let id = failed.header("x-request-id");
    let causes: Vec<_> = log
        .lines()
        .into_iter()
        .filter(|line| line["span"]["request_id"] == id && line["fields"]["cause"].is_string())
        .collect();
    let [cause] = causes.as_slice() else { panic!("logged once: {causes:?}") };
    assert!(cause["fields"]["cause"].as_str().unwrap().contains("secret host 10.1.2.3"));
    assert!(!failed.text().contains("10.1.2.3"));
}
