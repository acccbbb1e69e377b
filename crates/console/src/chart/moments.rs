//! Where in time the steps of a chart lie, and which moments are named.

use std::time::Duration;

use anb_domain::Language;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc, Weekday};

/// The steps of a chart, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    pub from: DateTime<Utc>,
    pub step: Duration,
    pub steps: usize,
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl Moments {
    /// When a step begins.
    #[must_use]
    pub fn of(&self, step: usize) -> DateTime<Utc> {
        let after = self.step_s().saturating_mul(i64::try_from(step).unwrap_or(i64::MAX));
        self.from + TimeDelta::try_seconds(after).unwrap_or_default()
    }

    fn step_s(&self) -> i64 {
        i64::try_from(self.step.as_secs()).unwrap_or(i64::MAX).max(1)
    }

    fn length_s(&self) -> i64 {
        self.step_s().saturating_mul(i64::try_from(self.steps).unwrap_or(i64::MAX))
    }

    /// The moments to be named, as parts of the whole, and their names.
    #[must_use]
    pub fn ticks(&self, language: Language) -> Vec<(f64, String)> {
        let every = self.between_names();
        let from = self.from.timestamp();
        let first = from + (every - from.rem_euclid(every)) % every;
        let length = self.length_s();
        let step = usize::try_from(every).unwrap_or(usize::MAX);
        (first..from + length)
            .step_by(step)
            .filter_map(|at| {
                let name = self.name(DateTime::from_timestamp(at, 0)?, language);
                #[expect(clippy::cast_precision_loss, reason = "at most a week of seconds")]
                Some(((at - from) as f64 / length as f64, name))
            })
            .collect()
    }

    /// Seconds from one moment with a name to the next.
    fn between_names(&self) -> i64 {
        let length = self.length_s();
        if length > DAY {
            DAY
        } else if length > HOUR {
            DAY / 6
        } else {
            HOUR / 6
        }
    }

    /// What a moment is called: the time of day, or the day of a longer chart.
    fn name(&self, at: DateTime<Utc>, language: Language) -> String {
        if self.length_s() > DAY {
            format!("{} {}", weekday(at.weekday(), language), at.day())
        } else {
            at.format("%H:%M").to_string()
        }
    }

    /// A step as a line of a table.
    #[must_use]
    pub fn told(&self, step: usize, language: Language) -> String {
        let at = self.of(step);
        let time = at.format("%H:%M");
        if self.length_s() <= HOUR {
            return time.to_string();
        }
        format!("{} {}, {time}", weekday(at.weekday(), language), at.day())
    }
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let names = language.pick(
        ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    );
    names[day.num_days_from_monday() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(from: &str, seconds: u64, steps: usize) -> Moments {
        Moments { from: from.parse().unwrap(), step: Duration::from_secs(seconds), steps }
    }

    fn names(moments: &Moments) -> Vec<String> {
        moments.ticks(Language::Es).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn moments_are_round() {
        let hour = moments("2026-05-01T11:03:00Z", 60, 60);
        assert_eq!(names(&hour), ["11:10", "11:20", "11:30", "11:40", "11:50", "12:00"]);
        let (at, _) = hour.ticks(Language::En)[0];
        assert!((at - 7.0 / 60.0).abs() < 1e-9);
        let day = moments("2026-04-30T12:15:00Z", 900, 96);
        assert_eq!(names(&day), ["16:00", "20:00", "00:00", "04:00", "08:00", "12:00"]);
        let week = moments("2026-04-24T14:00:00Z", 7200, 84);
        assert_eq!(
            names(&week),
            ["sáb 25", "dom 26", "lun 27", "mar 28", "mié 29", "jue 30", "vie 1"]
        );
    }

    #[test]
    fn a_step_says_when_it_begins() {
        let day = moments("2026-04-30T23:45:00Z", 900, 96);
        assert_eq!(day.told(1, Language::En), "Fri 1, 00:00");
        assert_eq!(moments("2026-05-01T11:03:00Z", 60, 60).told(2, Language::Es), "11:05");
    }
}
