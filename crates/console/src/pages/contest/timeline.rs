//! The contest as a drawing: when videos are taken, when votes, where we are.

use anb_config::ShowcaseSettings;
use anb_domain::Window;
use chrono::{DateTime, TimeDelta, Utc};

/// Units from the left edge of the drawing to its right.
const LENGTH: i64 = 1000;

/// What the drawing leaves before the first date and after the last, so that
/// what is open without end can be told from what ends there.
const MARGIN: i32 = 10;

pub struct Timeline {
    pub submissions: Bar,
    pub voting: Bar,
    pub now: i64,
    pub results: Option<i64>,
}

pub struct Bar {
    pub begins: i64,
    pub length: i64,
}

impl Timeline {
    /// `None` without any date: there is nothing to draw.
    #[must_use]
    pub fn of(contest: &ShowcaseSettings, now: DateTime<Utc>) -> Option<Self> {
        let (submissions, voting) = (contest.submissions, contest.voting.window());
        let dates = [
            submissions.opens_at,
            submissions.closes_at,
            voting.opens_at,
            voting.closes_at,
            contest.results_published_at,
        ];
        let dates: Vec<_> = dates.into_iter().flatten().collect();
        let first = dates.iter().min()?.min(&now);
        let last = dates.iter().max()?.max(&now);
        let span = (*last - *first).max(TimeDelta::hours(1));
        let scale = Scale { begin: *first - span / MARGIN, span: span + span / MARGIN * 2 };
        Some(Self {
            submissions: scale.bar(&submissions),
            voting: scale.bar(&voting),
            now: scale.at(now),
            results: contest.results_published_at.map(|at| scale.at(at)),
        })
    }
}

struct Scale {
    begin: DateTime<Utc>,
    span: TimeDelta,
}

impl Scale {
    fn at(&self, moment: DateTime<Utc>) -> i64 {
        let (passed, span) = ((moment - self.begin).num_seconds(), self.span.num_seconds().max(1));
        (passed * LENGTH / span).clamp(0, LENGTH)
    }

    fn bar(&self, window: &Window) -> Bar {
        let begins = window.opens_at.map_or(0, |at| self.at(at));
        let ends = window.closes_at.map_or(LENGTH, |at| self.at(at));
        Bar { begins, length: (ends - begins).max(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_goes_to_the_edge() {
        let at = |day: &str| format!("2026-05-{day}T00:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let mut contest = ShowcaseSettings::default();
        assert!(Timeline::of(&contest, at("05")).is_none());
        contest.submissions.opens_at = Some(at("01"));
        contest.voting.closes_at = Some(at("11"));
        let line = Timeline::of(&contest, at("06")).unwrap();
        assert_eq!((line.submissions.begins, line.submissions.length), (83, 917));
        assert_eq!((line.voting.begins, line.voting.length), (0, 916));
        assert_eq!((line.now, line.results), (500, None));
    }
}
