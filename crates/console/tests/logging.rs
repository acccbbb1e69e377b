//! What is logged of an operator's deeds, and what never is.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "console/support/mod.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod support;

use anb_domain::Role;
use anb_testkit::{Log, TestStore};
use serde_json::Value;
use support::{PASSWORD, TestConsole};

/// The only line with this message.
fn line(log: &Log, message: &str) -> Value {
    let lines = log.lines().into_iter();
    let found: Vec<_> = lines.filter(|line| line["fields"]["message"] == message).collect();
    assert_eq!(found.len(), 1, "{message}: {found:?}");
    found[0].clone()
}

/// One process, one log: all in one test.
#[tokio::test]
async fn who_did_what_is_told_by_ids_alone() {
    let log = Log::of_this_process();
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let olga = console.person("Olga", Role::Operator).await;
    let mut browser = console.stranger();
    browser.signs_in("olga@example.com", "a-wrong-guess").await;
    browser.enrols("olga@example.com").await;
    let failed = console.failed_video("Jugada secreta").await;
    console.failed_video("Otra jugada").await;
    console.all_messages_die().await;
    let retry = browser.posts(&format!("/console/videos/{}/retry", failed.id), &[]).await;
    browser.posts("/console/dead-letters/redrive", &[("retry_failed", "yes")]).await;

    let by_olga = Value::from(olga.id.to_string());
    let about = line(&log, "video retried");
    assert_eq!(about["fields"]["operator"], by_olga);
    assert_eq!(about["fields"]["role"], "operator");
    assert_eq!(about["span"]["video_id"], failed.id.to_string());
    assert_eq!(about["span"]["request_id"], retry.header("x-request-id"));
    assert_eq!(about["span"]["route"], "/console/videos/{id}/retry");
    let about = line(&log, "dead letters redriven");
    assert_eq!(about["fields"]["operator"], by_olga);
    assert_eq!((&about["fields"]["moved"], &about["fields"]["retried"]), (&2.into(), &1.into()));
    assert_eq!(line(&log, "signed in")["fields"]["operator"], by_olga);
    line(&log, "sign-in refused: wrong credentials");

    let text = log.text();
    let token = &browser.cookies["anb_console"];
    for secret in
        ["olga@example.com", PASSWORD, "a-wrong-guess", token.as_str(), "Jugada secreta", "Ruiz"]
    {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}
