//! What is logged of an operator's deeds, and what never is.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "console/support/mod.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod support;

use std::{
    io,
    sync::{Arc, Mutex},
};

use anb_domain::Role;
use anb_testkit::TestStore;
use serde_json::Value;
use support::{PASSWORD, TestConsole};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The only line with this message.
    fn line(&self, message: &str) -> Value {
        let lines = self.text();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found: Vec<_> = lines.filter(|line| line["fields"]["message"] == message).collect();
        assert_eq!(found.len(), 1, "{message}: {found:?}");
        found[0].clone()
    }
}

/// One process, one log: all in one test.
#[tokio::test]
async fn who_did_what_is_told_by_ids_alone() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(log.clone())
        .init();
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let olga = console.person("Olga", Role::Operator).await;
    let mut browser = console.stranger();
    browser.signs_in("olga@example.com", "a-wrong-guess").await;
    browser.signs_in("olga@example.com", PASSWORD).await;
    let failed = console.failed_video("Jugada secreta").await;
    console.failed_video("Otra jugada").await;
    console.all_messages_die().await;
    let retry = browser.posts(&format!("/console/videos/{}/retry", failed.id), &[]).await;
    browser.posts("/console/dead-letters/redrive", &[("retry_failed", "yes")]).await;

    let by_olga = Value::from(olga.id.to_string());
    let line = log.line("video retried");
    assert_eq!(line["fields"]["operator"], by_olga);
    assert_eq!(line["span"]["video_id"], failed.id.to_string());
    assert_eq!(line["span"]["request_id"], retry.header("x-request-id"));
    assert_eq!(line["span"]["route"], "/console/videos/{id}/retry");
    let line = log.line("dead letters redriven");
    assert_eq!(line["fields"]["operator"], by_olga);
    assert_eq!((&line["fields"]["moved"], &line["fields"]["retried"]), (&2.into(), &1.into()));
    assert_eq!(log.line("signed in")["fields"]["operator"], by_olga);
    log.line("sign-in refused: wrong credentials");

    let text = log.text();
    let token = &browser.cookies["anb_console"];
    for secret in
        ["olga@example.com", PASSWORD, "a-wrong-guess", token.as_str(), "Jugada secreta", "Ruiz"]
    {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}
