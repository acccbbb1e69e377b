//! The few figures that `CloudWatch`'s alarms and scaling need from the program
//! itself, as log lines in the
//! [embedded metric format](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html):
//! whoever reads the log stream makes metrics of them. No agent, no call, and
//! no permission is needed.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serde_json::{Map, Value, json};

/// Of all our metrics in `CloudWatch`.
pub const NAMESPACE: &str = "ANB/Video";

/// By what they are told apart: staging and production may share an account.
const DIMENSION: &str = "Project";

/// The format takes so many values of one metric in a line.
const MOST_VALUES: usize = 100;

/// One figure.
#[derive(Debug)]
pub struct Figure {
    pub name: &'static str,
    /// One of `CloudWatch`'s
    /// [units](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html).
    pub unit: &'static str,
    /// Which process tells it.
    pub told_by: &'static str,
    pub help: &'static str,
}

pub static OLDEST_WAITING: Figure = Figure {
    name: "OldestWaitingVideoAge",
    unit: "Seconds",
    told_by: "web",
    help: "For how long the oldest video that no worker has begun has waited; 0 when none waits.",
};
pub static FAILED_VIDEOS: Figure = Figure {
    name: "FailedVideos",
    unit: "Count",
    told_by: "web",
    help: "Videos that are `failed` now and wait for an operator.",
};
pub static TIME_TO_COMPLETED: Figure = Figure {
    name: "TimeToCompleted",
    unit: "Seconds",
    told_by: "worker",
    help: "From the end of an upload to the published result, each video; ask for p95.",
};

/// All of them.
pub static FIGURES: &[&Figure] = &[&OLDEST_WAITING, &FAILED_VIDEOS, &TIME_TO_COMPLETED];

/// What has been told since the last line.
static HEARD: Mutex<BTreeMap<&'static str, Vec<f64>>> = Mutex::new(BTreeMap::new());

impl Figure {
    /// Notes a value for the next line. Of more than a line can take, the
    /// oldest go.
    pub fn note(&'static self, value: f64) {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        let values = heard.entry(self.name).or_default();
        if values.len() == MOST_VALUES {
            values.remove(0);
        }
        values.push(value);
    }

    /// Notes a value that replaces those before it.
    pub fn set(&'static self, value: f64) {
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).insert(self.name, vec![value]);
    }
}

/// What was noted since the last call, as one line; `None` when nothing was.
pub fn line(project: &str, timestamp_ms: i64) -> Option<String> {
    let heard = std::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner));
    document(project, timestamp_ms, &heard).map(|document| document.to_string())
}

fn document(
    project: &str,
    timestamp_ms: i64,
    heard: &BTreeMap<&'static str, Vec<f64>>,
) -> Option<Value> {
    let told: Vec<_> = FIGURES.iter().filter(|figure| heard.contains_key(figure.name)).collect();
    if told.is_empty() {
        return None;
    }
    let metrics: Vec<_> =
        told.iter().map(|figure| json!({"Name": figure.name, "Unit": figure.unit})).collect();
    let directive = json!({
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": metrics,
    });
    let mut line = Map::new();
    line.insert(
        "_aws".to_owned(),
        json!({"Timestamp": timestamp_ms, "CloudWatchMetrics": [directive]}),
    );
    line.insert(DIMENSION.to_owned(), project.into());
    for figure in told {
        let values = &heard[figure.name];
        let value = if let [single] = values[..] { json!(single) } else { json!(values) };
        line.insert(figure.name.to_owned(), value);
    }
    Some(line.into())
}
