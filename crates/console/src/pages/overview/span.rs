//! The stretches of time that the overview shows.

use std::time::Duration;

use anb_store::Window;
use chrono::{DateTime, TimeDelta, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Span {
    #[default]
    Hour,
    Day,
    Week,
}

impl Span {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// The one of this name; the shortest where there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|span| span.as_str() == name).unwrap_or_default()
    }

    /// The message that is its name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Hour => "overview-hour",
            Self::Day => "overview-day",
            Self::Week => "overview-week",
        }
    }

    #[must_use]
    pub fn length(self) -> TimeDelta {
        match self {
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::days(1),
            Self::Week => TimeDelta::weeks(1),
        }
    }

    #[must_use]
    pub fn step(self) -> Duration {
        match self {
            Self::Hour => Duration::from_mins(1),
            Self::Day => Duration::from_mins(15),
            Self::Week => Duration::from_hours(2),
        }
    }

    /// How old its figures may be: what shows two hours as a point need not
    /// be counted every few seconds.
    #[must_use]
    pub fn refresh(self) -> Duration {
        match self {
            Self::Hour => Duration::from_secs(5),
            Self::Day => Duration::from_secs(15),
            Self::Week => Duration::from_mins(1),
        }
    }

    /// Up to the end of the step in which `now` lies, so that steps stay where
    /// they are while time passes.
    #[must_use]
    pub fn window(self, now: DateTime<Utc>) -> Window {
        let step = i64::try_from(self.step().as_secs()).unwrap_or(i64::MAX);
        let end = (now.timestamp().div_euclid(step) + 1).saturating_mul(step);
        let to = DateTime::from_timestamp(end, 0).unwrap_or(now);
        Window { from: to - self.length(), to, step: self.step() }
    }

    /// As much of the span before as has passed of this one.
    #[must_use]
    pub fn before(self, now: DateTime<Utc>) -> Window {
        let window = self.window(now);
        Window { from: window.from - self.length(), to: now - self.length(), step: window.step }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stay_where_they_are_while_time_passes() {
        let window = |span: Span, now: &str| {
            let window = span.window(now.parse().unwrap());
            (window.from.to_rfc3339(), window.steps())
        };
        let hour = ("2026-05-01T11:08:00+00:00".to_owned(), 60);
        assert_eq!(window(Span::Hour, "2026-05-01T12:07:00Z"), hour);
        assert_eq!(window(Span::Hour, "2026-05-01T12:07:59.9Z"), hour);
        let day = ("2026-04-30T12:15:00+00:00".to_owned(), 96);
        assert_eq!(window(Span::Day, "2026-05-01T12:07:59Z"), day);
        let week = ("2026-04-24T14:00:00+00:00".to_owned(), 84);
        assert_eq!(window(Span::Week, "2026-05-01T12:07:59Z"), week);
    }

    #[test]
    fn the_span_before_is_as_long_as_what_has_passed_of_this_one() {
        let now: DateTime<Utc> = "2026-05-01T12:07:20Z".parse().unwrap();
        for span in Span::ALL {
            let (window, before) = (span.window(now), span.before(now));
            assert_eq!(now - window.from, before.to - before.from, "{span:?}");
            assert_eq!(window.from - before.from, span.length());
        }
    }

    #[test]
    fn whatever_is_asked_for_there_is_a_span() {
        for span in Span::ALL {
            assert_eq!(Span::named(span.as_str()), span);
        }
        assert_eq!(Span::named("century"), Span::Hour);
    }
}
