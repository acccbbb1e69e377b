//! The values of the lines in charts, from what the store has counted.

use std::time::Duration;

use anb_store::{Flow, Sample};
use chrono::{DateTime, Utc};

use super::figures::History;
use crate::{chart::Values, state::AppState};

#[must_use]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub fn per_minute(count: u64, minutes: f64) -> f64 {
    count as f64 / minutes
}

/// Things per minute. Of the step in which `now` lies only what has passed
/// counts, and at least a minute.
#[must_use]
pub fn flow(history: &History, now: DateTime<Utc>, of: impl Fn(&Flow) -> u64) -> Values {
    let window = &history.window;
    let step = window.step.as_secs_f64();
    let mut begins = 0.0;
    let passed = (now - window.from).as_seconds_f64();
    let rate = |flow: &Flow| {
        let seconds = (passed - begins).clamp(60.0, step.max(60.0));
        begins += step;
        Some(per_minute(of(flow), seconds / 60.0))
    };
    Values(history.flow.iter().map(rate).collect())
}

/// Seconds from upload to published.
#[must_use]
pub fn waits(history: &History, percent: u64) -> Values {
    let waits = history.waits.iter().map(|waits| waits.percentile(percent));
    Values(waits.map(|wait| wait.as_ref().map(Duration::as_secs_f64)).collect())
}

#[must_use]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub fn samples(history: &History, of: impl Fn(&Sample) -> Option<u64>) -> Values {
    let of_step = |sample: &Option<Sample>| sample.as_ref().and_then(&of).map(|count| count as f64);
    Values(history.samples.iter().map(of_step).collect())
}

/// Dollars for a thousand videos published, all tries included; `None` where
/// none was published.
#[must_use]
pub fn cost(app: &AppState, flow: &Flow) -> Option<f64> {
    let published = u32::try_from(flow.published).ok()?;
    let each = flow.task_time.checked_div(published)?;
    let cost = &app.settings.cost;
    Some(cost.task().per_thousand_clips(cost.prices(), each))
}
