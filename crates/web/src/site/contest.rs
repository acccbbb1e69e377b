//! How far the contest is, as pages show it.

use anb_domain::{Contest, Phase, Standing, contest::Event};
use chrono::{DateTime, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContestView {
    pub phase: Phase,
    pub standing: Standing,
    pub submissions_open: bool,
    pub voting_open: bool,
    pub next: Option<Next>,
}

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    pub event: Event,
    pub at: DateTime<Utc>,
}

impl ContestView {
    #[must_use]
    pub fn at(contest: &Contest, now: DateTime<Utc>) -> Self {
        Self {
            phase: contest.phase(now),
            standing: contest.standing(now),
            submissions_open: contest.submissions.is_open(now),
            voting_open: contest.voting.is_open(now),
            next: contest.next_event(now).map(|(event, at)| Next { event, at }),
        }
    }

    /// The message that names the phase.
    #[must_use]
    pub fn phase_id(&self) -> &'static str {
        match self.phase {
            Phase::Upcoming => "phase-upcoming",
            Phase::Submissions => "phase-submissions",
            Phase::SubmissionsAndVoting => "phase-submissions-and-voting",
            Phase::Pause => "phase-pause",
            Phase::Voting => "phase-voting",
            Phase::Counting => "phase-counting",
            Phase::Results => "phase-results",
        }
    }
}

impl Next {
    /// The message that announces it; the moment follows.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self.event {
            Event::SubmissionsOpen => "next-submissions-open",
            Event::VotingOpens => "next-voting-opens",
            Event::SubmissionsClose => "next-submissions-close",
            Event::VotingCloses => "next-voting-closes",
            Event::ResultsPublished => "next-results-published",
        }
    }
}
