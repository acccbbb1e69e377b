//! The course of a contest: when videos are taken, when votes, when the
//! results are out.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::voting::VotingWindow;

/// From when until when something is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Window {
    /// Open from this moment on (RFC 3339); always, when absent.
    pub opens_at: Option<DateTime<Utc>>,
    /// Closed from this moment on (RFC 3339); never, when absent.
    pub closes_at: Option<DateTime<Utc>>,
}

impl Window {
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        !self.is_ahead(now) && !self.is_over(now)
    }

    /// Not open yet.
    #[must_use]
    pub fn is_ahead(&self, now: DateTime<Utc>) -> bool {
        self.opens_at.is_some_and(|opens| now < opens)
    }

    /// No longer open.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.closes_at.is_some_and(|closes| closes <= now)
    }

    /// Whether it can ever be open.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        !matches!((self.opens_at, self.closes_at), (Some(opens), Some(closes)) if opens >= closes)
    }
}

/// When what happens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contest {
    pub submissions: Window,
    pub voting: VotingWindow,
    /// `None`: not settled yet.
    pub results_published_at: Option<DateTime<Utc>>,
}

/// How far a contest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing has begun.
    Upcoming,
    /// Videos are taken, votes are not yet.
    Submissions,
    SubmissionsAndVoting,
    /// Videos are no longer taken, votes are not yet.
    Pause,
    Voting,
    /// Voting is over, the results are not published.
    Counting,
    Results,
}

/// What the figures of the ranking are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every vote changes it.
    Live,
    /// Voting is over, the results are not published.
    Provisional,
    Final,
}

/// What happens at a moment of a contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    SubmissionsOpen,
    VotingOpens,
    SubmissionsClose,
    VotingCloses,
    ResultsPublished,
}

impl Phase {
    pub const ALL: [Self; 7] = [
        Self::Upcoming,
        Self::Submissions,
        Self::SubmissionsAndVoting,
        Self::Pause,
        Self::Voting,
        Self::Counting,
        Self::Results,
    ];
}

impl Standing {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Provisional => "provisional",
            Self::Final => "final",
        }
    }
}

impl Contest {
    #[must_use]
    pub fn phase(&self, now: DateTime<Utc>) -> Phase {
        let voting = self.voting.window();
        match self.standing(now) {
            Standing::Final => return Phase::Results,
            Standing::Provisional => return Phase::Counting,
            Standing::Live => {}
        }
        match (self.submissions.is_open(now), voting.is_open(now)) {
            (true, true) => Phase::SubmissionsAndVoting,
            (true, false) => Phase::Submissions,
            (false, true) => Phase::Voting,
            (false, false) if self.submissions.is_over(now) => Phase::Pause,
            (false, false) => Phase::Upcoming,
        }
    }

    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        if self.results_published_at.is_some_and(|published| published <= now) {
            Standing::Final
        } else if self.voting.window().is_over(now) {
            Standing::Provisional
        } else {
            Standing::Live
        }
    }

    /// When the phase changes next.
    #[must_use]
    pub fn next_change(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.next_event(now).map(|(_, at)| at)
    }

    /// What happens next; of what happens at once, the most important.
    #[must_use]
    pub fn next_event(&self, now: DateTime<Utc>) -> Option<(Event, DateTime<Utc>)> {
        let events = [
            (Event::ResultsPublished, self.results_published_at),
            (Event::VotingCloses, self.voting.closes_at),
            (Event::VotingOpens, self.voting.opens_at),
            (Event::SubmissionsOpen, self.submissions.opens_at),
            (Event::SubmissionsClose, self.submissions.closes_at),
        ];
        let ahead = events.into_iter().filter_map(|(event, at)| Some((event, at?)));
        ahead.filter(|(_, at)| *at > now).min_by_key(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> DateTime<Utc> {
        format!("2026-05-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn contest() -> Contest {
        Contest {
            submissions: Window { opens_at: Some(day(2)), closes_at: Some(day(10)) },
            voting: VotingWindow { opens_at: Some(day(5)), closes_at: Some(day(20)) },
            results_published_at: Some(day(25)),
        }
    }

    #[test]
    fn a_contest_goes_through_its_phases() {
        let contest = contest();
        let phases = [1, 2, 5, 10, 20, 25].map(|at| contest.phase(day(at)));
        let expected = [
            Phase::Upcoming,
            Phase::Submissions,
            Phase::SubmissionsAndVoting,
            Phase::Voting,
            Phase::Counting,
            Phase::Results,
        ];
        assert_eq!(phases, expected);
    }

    #[test]
    fn between_the_last_video_and_the_first_vote_there_may_be_a_pause() {
        let voting = VotingWindow { opens_at: Some(day(12)), closes_at: Some(day(20)) };
        assert_eq!(Contest { voting, ..contest() }.phase(day(11)), Phase::Pause);
    }

    #[test]
    fn a_contest_without_dates_is_open_and_stays_so() {
        let contest = Contest::default();
        assert_eq!(contest.phase(day(1)), Phase::SubmissionsAndVoting);
        assert_eq!(contest.standing(day(1)), Standing::Live);
        assert_eq!(contest.next_change(day(1)), None);
    }

    #[test]
    fn results_that_nobody_has_published_are_provisional() {
        let unsettled = Contest { results_published_at: None, ..contest() };
        assert_eq!(unsettled.phase(day(30)), Phase::Counting);
        assert_eq!(unsettled.standing(day(19)), Standing::Live);
        assert_eq!(unsettled.standing(day(30)), Standing::Provisional);
        assert_eq!(contest().standing(day(25)), Standing::Final);
    }

    #[test]
    fn every_change_is_announced_in_its_turn() {
        let contest = contest();
        let mut now = day(1);
        let mut told = Vec::new();
        while let Some((event, at)) = contest.next_event(now) {
            assert_ne!(contest.phase(now), contest.phase(at), "{event:?} changes the phase");
            told.push(event);
            now = at;
        }
        let expected = [
            Event::SubmissionsOpen,
            Event::VotingOpens,
            Event::SubmissionsClose,
            Event::VotingCloses,
            Event::ResultsPublished,
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_window_is_open_from_its_first_moment_until_just_before_its_last() {
        let window = contest().submissions;
        assert!(window.is_ahead(day(1)) && !window.is_open(day(1)));
        assert!(window.is_open(day(2)) && window.is_open(day(9)));
        assert!(window.is_over(day(10)) && !window.is_open(day(10)));
        assert!(window.is_in_order());
        assert!(!Window { opens_at: Some(day(2)), closes_at: Some(day(2)) }.is_in_order());
    }
}
