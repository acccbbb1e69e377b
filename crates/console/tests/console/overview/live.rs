//! The page keeps itself up to date.

use std::{collections::BTreeMap, time::Duration};

use anb_testkit::{TestStore, on_each_database};
use reqwest::{Method, Response};
use tokio::time::timeout;

use crate::support::{Browser, TestConsole};

/// Long enough for the busiest machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What arrives, event by event: fragments of the page by the id of their
/// element.
struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    async fn of(browser: &Browser<'_>, span: &str) -> Self {
        let path = format!("/console/overview/events?span={span}");
        let response = browser.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let header = |name| response.headers()[name].to_str().unwrap();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("cache-control"), "no-store");
        Self { response, read: String::new() }
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<BTreeMap<String, String>> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let told = data.map(|data| serde_json::from_str(data).unwrap());
                self.read = String::from(rest);
                if told.is_some() {
                    return told;
                }
                continue;
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("something comes");
            self.read.push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        }
    }
}

on_each_database! {
    async fn what_has_changed_is_sent_and_nothing_else(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let page = olga.overview("hour").await;
        let mut stream = Stream::of(&olga, "hour").await;

        let first = stream.next().await.unwrap();
        for (id, html) in &first {
            page.shows(&format!("id=\"{id}\""));
            page.shows(html);
        }
        assert!(first.len() > 10, "every piece of the page: {:?}", first.keys());

        console.failed_video("Mate").await;
        console.store.clock.advance(Duration::from_secs(6));
        let news = stream.next().await.unwrap();
        assert!(news["live-alerts"].contains("1 failed video"));
        assert!(news["live-as-of"].contains("12:00:06 UTC"));
        assert!(!news.contains_key("live-chart-waits"), "nothing new there: {:?}", news.keys());
    }

    async fn a_stream_ends_with_the_right_to_see_it(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let mut stream = Stream::of(&olga, "day").await;
        stream.next().await.unwrap();
        let email = "olga@example.com".parse().unwrap();
        console.store.grant_role(&email, anb_domain::Role::Player).await.unwrap().unwrap();
        console.store.clock.advance(Duration::from_secs(20));
        assert_eq!(stream.next().await, None);
    }

    async fn a_stream_ends_when_the_console_stops(store: TestStore) {
        let mut console = TestConsole::on(store).await;
        let served = console.served.take().unwrap();
        let olga = console.operator("Olga").await;
        let mut stream = Stream::of(&olga, "week").await;
        stream.next().await.unwrap();
        console.shutdown.cancel();
        assert_eq!(stream.next().await, None);
        timeout(PATIENCE, served).await.expect("it does not wait for who looks").unwrap().unwrap();
    }

    async fn strangers_see_nothing(store: TestStore) {
        let console = TestConsole::on(store).await;
        let answer = console.stranger().get("/console/overview/events").await;
        assert_eq!(answer.leads_to(), "/console/sign-in");
    }
}
