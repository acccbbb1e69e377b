//! The last hour, day and week, of videos made at known times.

use std::time::Duration;

use anb_domain::{Failure, FailureCode};
use anb_store::{PublishedResult, Sample, Spent};
use anb_testkit::{TestStore, on_each_database, published};
use chrono::{DateTime, Utc};

use super::{change, figure};
use crate::support::{Answer, TestConsole};

const SECOND: Duration = Duration::from_secs(1);

fn at(moment: &str) -> DateTime<Utc> {
    format!("2026-05-01T{moment}Z").parse().unwrap()
}

/// A clip that arrives at a moment and is published after `wait`.
async fn clip(console: &TestConsole, arrives: DateTime<Utc>, wait: Duration, task_ms: u64) {
    console.store.clock.set(arrives);
    let video = console.pending_video("Triple").await;
    let claim = console.store.claimed(video.id).await;
    console.store.clock.advance(wait);
    let result = PublishedResult { task_ms: Some(task_ms), ..published() };
    assert!(console.store.publish(&claim, result).await.unwrap());
}

/// The lines of the table below a chart, the newest first.
fn rows(page: &Answer, chart: &str) -> Vec<Vec<String>> {
    let (_, table) = page.text.split_once(&format!("id=\"chart-{chart}-table\"")).unwrap();
    let (_, body) = table.split_once("<tbody>").unwrap();
    let (body, _) = body.split_once("</tbody>").unwrap();
    let cells = |row: &str| {
        let parts = row.split(['<', '>']).map(str::trim);
        parts
            .filter(|part| !part.is_empty() && !part.starts_with(['/', 't']))
            .map(str::to_owned)
            .collect()
    };
    body.split("</tr>").map(cells).filter(|row: &Vec<String>| !row.is_empty()).collect()
}

/// The line of the step that begins then.
#[track_caller]
fn row(page: &Answer, chart: &str, begins: &str) -> Vec<String> {
    let rows = rows(page, chart);
    let row = rows.iter().find(|row| row[0] == begins);
    row.unwrap_or_else(|| panic!("no {begins} in {rows:?}"))[1..].to_vec()
}

/// How many lines have a value that is neither 0 nor unknown.
fn filled(page: &Answer, chart: &str) -> usize {
    let told = |row: &&Vec<String>| row[1..].iter().any(|value| value != "0" && value != "–");
    rows(page, chart).iter().filter(told).count()
}

on_each_database! {
    async fn the_last_hour_shows_what_happened_in_it(store: TestStore) {
        let console = TestConsole::on(store).await;
        // The hour before: one clip, which waited for 10 s and cost 5 s.
        clip(&console, at("11:00:00"), 10 * SECOND, 5_000).await;
        // This hour: three clips within one minute, one later.
        for wait in [4, 8, 20] {
            clip(&console, at("12:10:00"), wait * SECOND, 2_000).await;
        }
        clip(&console, at("12:40:30"), 6 * SECOND, 2_000).await;
        // One is rejected, and a try goes wrong.
        console.store.clock.set(at("12:50:00"));
        let video = console.pending_video("Corto").await;
        let claim = console.store.claimed(video.id).await;
        let short = Failure::measured(FailureCode::TooShort, 20.0, 3.0);
        assert!(console.store.reject(&claim, &short, Spent { task_ms: Some(1_000), ..Spent::default() }).await.unwrap());
        let video = console.pending_video("Roto").await;
        let claim = console.store.claimed(video.id).await;
        let trouble = Failure::new(FailureCode::TimedOut);
        let spent = Spent { task_ms: Some(1_000), ..Spent::default() };
        assert!(console.store.fail(&claim, &trouble, spent).await.unwrap());
        console.store.clock.set(at("12:59:59"));

        let olga = console.operator("Olga").await;
        let page = olga.overview("hour").await;

        // Six arrived and four were published, in an hour less a second.
        assert_eq!(figure(&page, "Arrivals per minute"), "0.1");
        assert_eq!(change(&page, "Arrivals per minute"), "500 % more than the hour before");
        assert_eq!(figure(&page, "Completions per minute"), "0.07");
        assert_eq!(change(&page, "Completions per minute"), "300 % more than the hour before");
        assert_eq!(figure(&page, "Rejected per minute"), "0.02");
        assert_eq!(change(&page, "Rejected per minute"), "none in the hour before");
        // Of 4, 6, 8 and 20 s.
        assert_eq!(figure(&page, "Upload to published, p50"), "6 s");
        assert_eq!(figure(&page, "Upload to published, p95"), "20 s");
        assert_eq!(change(&page, "Upload to published, p95"), "10 s more than the hour before");
        // 10 s for four clips: 2.5 s of two vCPUs and 4 GB each; 5 s before.
        assert_eq!(figure(&page, "Cost per 1,000 clips"), "$0.0686");
        assert_eq!(change(&page, "Cost per 1,000 clips"), "50 % less than the hour before");

        assert_eq!(row(&page, "flow", "12:10"), ["3", "3", "0", "0"]);
        assert_eq!(row(&page, "flow", "12:40"), ["1", "1", "0", "0"]);
        assert_eq!(row(&page, "flow", "12:50"), ["2", "0", "1", "1"]);
        assert_eq!((rows(&page, "flow").len(), filled(&page, "flow")), (60, 3));
        assert_eq!(row(&page, "waits", "12:10"), ["8 s", "20 s"]);
        assert_eq!(row(&page, "waits", "12:11"), ["–", "–"]);
        assert_eq!(row(&page, "cost", "12:10"), ["$0.0549"]);
        page.shows("Took too long <code>timed_out</code></th><td>1</td><td>1</td><td>0</td>");
        page.shows("Too short <code>too_short</code></th><td>0</td><td>0</td><td>1</td>");
    }

    async fn longer_spans_show_more_in_longer_steps(store: TestStore) {
        let console = TestConsole::on(store).await;
        for arrives in ["2026-04-26T09:00:00Z", "2026-05-01T01:20:00Z", "2026-05-01T11:30:00Z"] {
            clip(&console, arrives.parse().unwrap(), 30 * SECOND, 2_000).await;
        }
        console.store.clock.set(at("12:00:00"));
        let olga = console.operator("Olga").await;

        let of = async |span| {
            let page = olga.overview(span).await;
            (rows(&page, "flow").len(), filled(&page, "flow"))
        };
        assert_eq!(of("hour").await, (60, 1));
        assert_eq!(of("day").await, (96, 2));
        assert_eq!(of("week").await, (84, 3));
        assert_eq!(of("millennium").await, (60, 1), "whatever else is asked for");
        let day = olga.overview("day").await;
        assert_eq!(row(&day, "flow", "Fri 1, 01:15"), ["0.07", "0.07", "0", "0"]);
        assert_eq!(row(&day, "waits", "Fri 1, 01:15"), ["30 s", "30 s"]);
        day.shows("aria-current=\"true\">Last day</a>");
        day.shows("data-live=\"/console/overview/events?span=day\"");
    }

    async fn samples_make_the_charts_of_queue_and_workers(store: TestStore) {
        let busy = Sample {
            visible: Some(7),
            in_flight: Some(2),
            delayed: Some(1),
            dead: Some(3),
            oldest_s: Some(90),
            unsent: 0,
            workers: 2,
            slots: 8,
            busy: 5,
        };
        let out = Sample { visible: None, in_flight: None, delayed: None, dead: None, oldest_s: None, ..busy };
        for (moment, sample) in [("11:01:00", busy), ("11:30:00", busy), ("11:31:00", out)] {
            store.clock.set(at(moment));
            store.note_sample(&sample).await.unwrap();
        }
        // The console takes samples, too, from now on.
        store.clock.set(at("12:01:00"));
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let page = olga.overview("hour").await;

        assert_eq!(row(&page, "queue", "11:30"), ["7", "2", "1"]);
        assert_eq!(row(&page, "queue", "11:31"), ["–", "–", "–"], "the queue was out");
        assert_eq!(row(&page, "oldest", "11:30"), ["90 s"]);
        assert_eq!(row(&page, "dead", "11:30"), ["3"]);
        assert_eq!(row(&page, "workers", "11:31"), ["8", "5", "2"]);
        assert_eq!(change(&page, "Waiting"), "7 less than an hour ago");
        assert_eq!(change(&page, "Worker tasks"), "2 less than an hour ago");
        assert_eq!(change(&page, "Not sent yet"), "as an hour ago");
    }

    async fn charts_can_be_read_without_seeing_them_and_need_no_styles_of_their_own(store: TestStore) {
        let console = TestConsole::on(store).await;
        clip(&console, at("11:30:00"), 30 * SECOND, 2_000).await;
        console.store.clock.set(at("12:00:00"));
        let olga = console.operator("Olga").await;
        let page = olga.overview("hour").await;
        for chart in ["flow", "waits", "queue", "oldest", "workers", "dead", "cost"] {
            page.shows(&format!("<title id=\"chart-{chart}-title\">"));
            page.shows(&format!("<desc id=\"chart-{chart}-desc\">"));
            page.shows(&format!("aria-labelledby=\"chart-{chart}-title chart-{chart}-desc\""));
        }
        page.shows("Upload to published, p95: 30 s.");
        page.hides("style=\"");
        page.hides("<style");
        page.shows("<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>");
    }
}
