//! Single figures, each with what it was before and how it came about.

use std::time::Duration;

use anb_store::{Flow, Sample, Waits, WorkersAtWork};

use super::{
    figures::{History, Now},
    series::{self, per_minute},
    span::Span,
};
use crate::{
    chart::{Measure, Values, spark},
    frame::Frame,
    state::AppState,
};

/// A figure.
pub struct Tile {
    /// The message that is its name.
    pub id: &'static str,
    pub class: &'static str,
    pub figure: String,
    /// What it was before.
    pub change: Option<String>,
    /// The `d` of its spark line.
    pub spark: Option<String>,
}

/// Makes the tiles of a page.
pub struct Tiles<'a> {
    pub frame: &'a Frame,
    pub now: &'a Now,
    pub history: &'a History,
}

/// A figure and what it was before, where that is known.
struct Compared {
    now: Option<f64>,
    before: Option<f64>,
}

impl Tiles<'_> {
    /// What happened in the span.
    pub fn of_span(&self, app: &AppState) -> Vec<Tile> {
        let (history, before) = (self.history, &self.history.before);
        let total = history.total();
        let waits = Waits::together(&history.waits);
        let minutes = minutes(history, self.now);
        let flow = |id, of: fn(&Flow) -> u64| {
            let rate = |flow: &Flow| Some(per_minute(of(flow), minutes));
            let compared = Compared { now: rate(&total), before: rate(&before.flow) };
            self.tile(id, Measure::PerMinute, &compared, &series::flow(history, self.now.at, of))
        };
        let wait = |id, percent| {
            let of = |waits: &Waits| waits.percentile(percent).as_ref().map(Duration::as_secs_f64);
            let compared = Compared { now: of(&waits), before: of(&before.waits) };
            self.tile(id, Measure::Seconds, &compared, &series::waits(history, percent))
        };
        let cost = |flow: &Flow| series::cost(app, flow);
        let costs = Compared { now: cost(&total), before: cost(&before.flow) };
        let each_cost = Values(history.flow.iter().map(cost).collect());
        vec![
            flow("overview-arrivals", |flow| flow.arrived),
            flow("overview-completions", |flow| flow.published),
            flow("overview-rejections", |flow| flow.rejected),
            flow("overview-failed-tries", |flow| flow.failed),
            wait("overview-p50", 50),
            wait("overview-p95", 95),
            self.tile("overview-cost", Measure::Dollars, &costs, &each_cost),
        ]
    }

    /// How the queue is; nothing where it does not answer.
    pub fn of_queue(&self) -> Vec<Tile> {
        let Some(queue) = &self.now.queue else { return Vec::new() };
        let stats = queue.stats;
        let oldest = queue.oldest_age.unwrap_or_default().as_secs();
        let things = Measure::Things;
        let mut dead = self.gauge("overview-dead-letters", things, stats.dead, |s| s.dead);
        if stats.dead > 0 {
            dead.class = "failed";
        }
        vec![
            self.gauge("overview-waiting", things, stats.visible, |s| s.visible),
            self.gauge("overview-in-flight", things, stats.in_flight, |s| s.in_flight),
            self.gauge("overview-delayed", things, stats.delayed, |s| s.delayed),
            self.gauge("overview-unsent", things, queue.unsent, |s| Some(s.unsent)),
            self.gauge("overview-oldest", Measure::Seconds, oldest, |s| s.oldest_s),
            dead,
        ]
    }

    /// Who works.
    pub fn of_workers(&self) -> Vec<Tile> {
        let WorkersAtWork { workers, slots, busy } = WorkersAtWork::of(&self.now.workers);
        let things = Measure::Things;
        vec![
            self.gauge("overview-tasks", things, workers, |s| Some(s.workers)),
            self.gauge("overview-busy", things, busy, |s| Some(s.busy)),
            self.gauge("overview-slots", things, slots, |s| Some(s.slots)),
        ]
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn gauge(
        &self,
        id: &'static str,
        measure: Measure,
        figure: u64,
        of: fn(&Sample) -> Option<u64>,
    ) -> Tile {
        let before = self.history.before.sample.as_ref().and_then(of);
        let difference = before.map(|before| figure as f64 - before as f64);
        let change = difference.map(|difference| {
            let amount = measure.told(difference.abs(), self.frame.language);
            self.sentence(GAUGE, difference, &amount)
        });
        let values = series::samples(self.history, of);
        let figure = measure.told(figure as f64, self.frame.language);
        Tile { id, class: "", figure, change, spark: Some(spark(&values)) }
    }

    fn tile(&self, id: &'static str, measure: Measure, compared: &Compared, all: &Values) -> Tile {
        let told = |value| measure.told(value, self.frame.language);
        Tile {
            id,
            class: "",
            figure: compared.now.map_or_else(|| "–".to_owned(), told),
            change: self.change(measure, compared),
            spark: Some(spark(all)),
        }
    }

    /// In percent, or for waits in seconds.
    fn change(&self, measure: Measure, compared: &Compared) -> Option<String> {
        let (now, before) = (compared.now?, compared.before?);
        let difference = now - before;
        let amount = match measure {
            Measure::Seconds => measure.told(difference.abs(), self.frame.language),
            _ if before > 0.0 => format!("{:.0} %", difference.abs() / before * 100.0),
            _ if now > 0.0 => return Some(self.span_message("overview-none-before")),
            _ => String::new(),
        };
        Some(self.sentence(FLOW, difference, &amount))
    }

    fn sentence(&self, [more, less, same]: [&str; 3], difference: f64, amount: &str) -> String {
        let span = self.history.span.as_str();
        let id = match difference {
            more_by if more_by > 1e-9 => more,
            less_by if less_by < -1e-9 => less,
            _ => return self.span_message(same),
        };
        self.frame.with_all(id, &[("amount", &amount), ("span", &span)])
    }

    fn span_message(&self, id: &str) -> String {
        self.frame.with(id, "span", self.history.span.as_str())
    }
}

const FLOW: [&str; 3] = ["overview-more", "overview-less", "overview-same"];
const GAUGE: [&str; 3] = ["overview-more-than-ago", "overview-less-than-ago", "overview-as-ago"];

/// What has passed of the span.
fn minutes(history: &History, now: &Now) -> f64 {
    let passed = now.at.min(history.window.to) - history.window.from;
    (passed.as_seconds_f64() / 60.0).max(1.0)
}

impl Span {
    /// For links.
    pub fn link(self) -> String {
        format!("/console?span={}", self.as_str())
    }
}
