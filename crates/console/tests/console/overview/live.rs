//! The page keeps itself up to date.

use std::{collections::BTreeMap, time::Duration};

use anb_testkit::{TestStore, on_each_database};
use reqwest::{Method, Response};
use tokio::time::timeout;

use crate::support::{Browser, TestConsole};

/// Long enough for the busiest machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What arrives, part by part.
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

    /// The next part, with its name; `None` at the end.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let told = part(event);
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

    /// Waits for the end.
    async fn ends(&mut self) {
        let rest = async { while self.next().await.is_some() {} };
        timeout(PATIENCE, rest).await.expect("it ends");
    }

    /// All that is told before the moment, which is the first part of each look.
    async fn until(&mut self, moment: &str) -> BTreeMap<String, String> {
        let mut told = BTreeMap::new();
        loop {
            let (name, html) = self.next().await.expect("it goes on");
            if name == "as-of" && html.contains(moment) {
                return told;
            }
            told.insert(name, html);
        }
    }
}

/// Nothing of what merely keeps the line open.
fn part(event: &str) -> Option<(String, String)> {
    let name = event.lines().find_map(|line| line.strip_prefix("event: "))?;
    let html: Vec<_> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    Some((name.to_owned(), html.join("\n")))
}

on_each_database! {
    async fn what_has_changed_is_sent_and_nothing_else(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let page = olga.overview("hour").await;
        let mut stream = Stream::of(&olga, "hour").await;

        stream.next().await.expect("it begins");
        console.store.clock.advance(Duration::from_secs(6));
        let first = stream.until("12:00:06 UTC").await;
        for (name, html) in &first {
            page.shows(&format!("data-part=\"{name}\""));
            page.shows(html);
        }
        assert!(first.len() > 10, "every part of the page: {:?}", first.keys());

        console.failed_video("Mate").await;
        console.store.clock.advance(Duration::from_secs(6));
        stream.until("12:00:12 UTC").await;
        console.store.clock.advance(Duration::from_secs(6));
        let news = stream.until("12:00:18 UTC").await;
        assert!(news["alerts"].contains("1 failed video"));
        assert!(!news.contains_key("chart-waits"), "nothing new there: {:?}", news.keys());
    }

    async fn a_stream_ends_with_the_right_to_see_it(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let mut stream = Stream::of(&olga, "day").await;
        stream.next().await.unwrap();
        let email = "olga@example.com".parse().unwrap();
        console.store.grant_role(&email, anb_domain::Role::Player).await.unwrap().unwrap();
        console.store.clock.advance(Duration::from_secs(20));
        stream.ends().await;
    }

    async fn a_stream_ends_when_the_console_stops(store: TestStore) {
        let mut console = TestConsole::on(store).await;
        let served = console.served.take().unwrap();
        let olga = console.operator("Olga").await;
        let mut stream = Stream::of(&olga, "week").await;
        stream.next().await.unwrap();
        console.shutdown.cancel();
        stream.ends().await;
        timeout(PATIENCE, served).await.expect("it does not wait for who looks").unwrap().unwrap();
    }

    async fn strangers_see_nothing(store: TestStore) {
        let console = TestConsole::on(store).await;
        let answer = console.stranger().get("/console/overview/events").await;
        assert_eq!(answer.leads_to(), "/console/sign-in");
    }
}
