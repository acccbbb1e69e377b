//! What metrics tell of what the console refuses.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "console/support/mod.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod support;

use std::collections::BTreeMap;

use anb_domain::Role;
use anb_telemetry::Recorder;
use anb_testkit::TestStore;
use reqwest::Method;
use support::{Answer, TestConsole};

/// How often the console has refused something, by code.
fn refusals(recorder: &Recorder) -> BTreeMap<String, u64> {
    let of_console = r#"anb_http_problems_total{application="console",code=""#;
    let scrape = recorder.render();
    let lines = scrape.lines().filter_map(|line| line.strip_prefix(of_console));
    let told = lines.map(|line| line.split_once("\"} ").unwrap());
    told.map(|(code, times)| (code.to_owned(), times.parse().unwrap())).collect()
}

/// One process, one recorder: all in one test.
#[tokio::test]
async fn every_refusal_is_counted_by_its_code() {
    let recorder = Recorder::install("test").unwrap();
    let console = TestConsole::with(TestStore::sqlite().await, |settings| {
        settings.console.logins_per_minute = 10;
    })
    .await;
    let mut alma = console.signed_in("Alma", Role::Admin).await;
    let olga = console.signed_in("Olga", Role::Operator).await;
    assert_eq!(refusals(&recorder), BTreeMap::new(), "nothing has been refused yet");

    assert_eq!(alma.get("/console/nothing-here").await.status, 404);
    assert_eq!(olga.get("/console/webhooks").await.status, 403);
    let foreign = olga.form("/console/sign-out", &[]).header("origin", "https://other.example");
    assert_eq!(Answer::to(foreign).await.status, 403);
    let put =
        Answer::to(olga.request(Method::PUT, "/console").header("origin", console.url(""))).await;
    assert_eq!(put.status, 405);
    // Who has not signed in is led there, not refused.
    console.stranger().get("/console").await.leads_to();
    assert_eq!(alma.posts("/console/webhooks", &[("url", "club")]).await.status, 422);
    let mut stranger = console.stranger();
    assert_eq!(stranger.signs_in("nobody@example.com", "a guess").await.status, 401);
    while stranger.signs_in("nobody@example.com", "a guess").await.status == 401 {}
    let told = refusals(&recorder);
    assert_eq!(told["not_found"], 1);
    assert_eq!(told["no_access"], 1);
    assert_eq!(told["cross_site"], 1);
    assert_eq!(told["method_not_allowed"], 1);
    assert_eq!(told["validation_failed"], 1);
    assert_eq!(told["too_many_requests"], 1);
    assert!(told["unauthenticated"] >= 1);
    assert_eq!(told.len(), 7, "{told:?}");
}
