//! The charts of the overview: which there are, and what each draws over time.

use super::{
    figures::{History, Now},
    series,
};
use crate::{
    chart::{Chart, HEIGHT, Measure, Moments, Picture, Values, WIDTH},
    frame::Frame,
    state::AppState,
};
use anb_store::{Flow, Sample};
use askama::Template;

/// What a chart is to show.
pub struct Plan {
    /// Of its element.
    pub id: &'static str,
    /// The messages that are its title and say what it shows.
    title: &'static str,
    about: &'static str,
    measure: Measure,
    /// The message that names each line, and its values.
    lines: Vec<(&'static str, Values)>,
}

/// All charts of a span.
#[must_use]
pub fn all(app: &AppState, now: &Now, history: &History) -> Vec<Plan> {
    let flow = |of: fn(&Flow) -> u64| series::flow(history, now.at, of);
    let sampled = |of: fn(&Sample) -> Option<u64>| series::samples(history, of);
    let waits = |percent| series::waits(history, percent);
    let cost = Values(history.flow.iter().map(|flow| series::cost(app, flow)).collect());
    vec![
        Plan {
            id: "flow",
            title: "overview-chart-flow",
            about: "overview-chart-flow-about",
            measure: Measure::PerMinute,
            lines: vec![
                ("overview-arrivals", flow(|flow| flow.arrived)),
                ("overview-completions", flow(|flow| flow.published)),
                ("overview-rejections", flow(|flow| flow.rejected)),
                ("overview-failed-tries", flow(|flow| flow.failed)),
            ],
        },
        Plan {
            id: "waits",
            title: "overview-chart-waits",
            about: "overview-chart-waits-about",
            measure: Measure::Seconds,
            lines: vec![("overview-p50", waits(50)), ("overview-p95", waits(95))],
        },
        Plan {
            id: "queue",
            title: "overview-chart-queue",
            about: "overview-chart-queue-about",
            measure: Measure::Things,
            lines: vec![
                ("overview-waiting", sampled(|s| s.visible)),
                ("overview-in-flight", sampled(|s| s.in_flight)),
                ("overview-delayed", sampled(|s| s.delayed)),
            ],
        },
        Plan {
            id: "oldest",
            title: "overview-chart-oldest",
            about: "overview-chart-oldest-about",
            measure: Measure::Seconds,
            lines: vec![("overview-oldest", sampled(|s| s.oldest_s))],
        },
        Plan {
            id: "workers",
            title: "overview-chart-workers",
            about: "overview-chart-workers-about",
            measure: Measure::Things,
            lines: vec![
                ("overview-slots", sampled(|s| Some(s.slots))),
                ("overview-busy", sampled(|s| Some(s.busy))),
                ("overview-tasks", sampled(|s| Some(s.workers))),
            ],
        },
        Plan {
            id: "dead",
            title: "overview-chart-dead",
            about: "overview-chart-dead-about",
            measure: Measure::Things,
            lines: vec![("overview-dead-letters", sampled(|s| s.dead))],
        },
        Plan {
            id: "cost",
            title: "overview-chart-cost",
            about: "overview-chart-cost-about",
            measure: Measure::Dollars,
            lines: vec![("overview-cost", cost)],
        },
    ]
}

#[derive(Template)]
#[template(path = "overview/chart.html")]
pub struct ChartFragment<'a> {
    frame: &'a Frame,
    id: &'static str,
    title: &'static str,
    about: &'static str,
    picture: Picture,
    /// The latest value of each line, beside its name.
    legend: Vec<Named>,
    /// The same numbers, the newest first.
    rows: Vec<Row>,
}

struct Named {
    id: &'static str,
    last: String,
}

struct Row {
    at: String,
    values: Vec<String>,
}

impl<'a> ChartFragment<'a> {
    pub fn of(frame: &'a Frame, history: &History, plan: Plan) -> Self {
        let Plan { id, title, about, measure, lines } = plan;
        let (names, lines): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
        let window = &history.window;
        let moments = Moments { from: window.from, step: window.step, steps: window.steps() };
        let told = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| measure.told(value, frame.language))
        };
        let row = |step| Row {
            at: moments.told(step, frame.language),
            values: lines.iter().map(|line| told(line.0.get(step).copied().flatten())).collect(),
        };
        let rows = (0..moments.steps).rev().map(row).collect();
        let legend = names.into_iter().zip(&lines);
        let legend = legend.map(|(id, line)| Named { id, last: told(line.last()) }).collect();
        let chart = Chart { moments, measure, lines };
        Self { frame, id, title, about, picture: Picture::of(&chart, frame.language), legend, rows }
    }
}
