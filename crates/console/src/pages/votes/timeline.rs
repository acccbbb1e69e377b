//! Votes over time, as a small drawing: all votes for the video, and in front
//! of them those under suspicion.

use chrono::{DateTime, TimeDelta, Utc};

/// How many bars there are, and how high the highest is.
const BARS: usize = 60;
const HEIGHT: u64 = 48;

/// How wide a bar is, with the gap behind it.
const STEP: usize = 10;

pub struct Timeline {
    pub bars: Vec<Bar>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// Votes behind the highest bar.
    pub most: u64,
}

pub struct Bar {
    pub x: usize,
    /// Tops and heights: of all votes, and of those under suspicion.
    pub all: (u64, u64),
    pub suspect: (u64, u64),
}

impl Timeline {
    pub const WIDTH: usize = BARS * STEP;
    pub const HEIGHT: u64 = HEIGHT;

    /// What is drawn of a suspicion between these moments: as much again before
    /// and after it, at least a quarter of an hour.
    pub fn around(first: DateTime<Utc>, last: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let margin = (last - first).max(TimeDelta::minutes(15));
        (first - margin, last + margin)
    }

    pub fn new(
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        all: &[DateTime<Utc>],
        suspect: &[DateTime<Utc>],
    ) -> Self {
        let all = counts(from, until, all);
        let suspect = counts(from, until, suspect);
        // Votes of one account for many videos are not all for one.
        let tallest = |bar: usize| all[bar].max(suspect[bar]);
        let most = (0..BARS).map(tallest).max().unwrap_or(0);
        let piece = |count: u64| {
            let height = (count * HEIGHT).div_ceil(most.max(1));
            (HEIGHT - height, height)
        };
        let bars = (0..BARS).filter(|bar| tallest(*bar) > 0).map(|bar| Bar {
            x: bar * STEP,
            all: piece(all[bar]),
            suspect: piece(suspect[bar]),
        });
        Self { bars: bars.collect(), from, until, most }
    }
}

fn counts(from: DateTime<Utc>, until: DateTime<Utc>, moments: &[DateTime<Utc>]) -> [u64; BARS] {
    let span = (until - from).num_milliseconds().max(1);
    let bars = i64::try_from(BARS).unwrap_or(i64::MAX);
    let mut counts = [0; BARS];
    for moment in moments {
        let at = (*moment - from).num_milliseconds() * bars / span;
        if let Some(count) = usize::try_from(at).ok().and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_there_are_votes_and_empty_ones_are_left_out() {
        let noon: DateTime<Utc> = "2026-05-01T12:00:00Z".parse().unwrap();
        let (from, until) = Timeline::around(noon, noon + TimeDelta::minutes(2));
        assert_eq!((noon - from, until - noon), (TimeDelta::minutes(15), TimeDelta::minutes(17)));
        let timeline = Timeline::new((from, until), &[noon, noon, from, until], &[noon]);
        let drawn: Vec<_> = timeline.bars.iter().map(|bar| (bar.x, bar.all, bar.suspect)).collect();
        assert_eq!(drawn, [(0, (24, 24), (48, 0)), (280, (0, 48), (24, 24))]);
        assert_eq!(timeline.most, 2);
        assert!(Timeline::new((noon, noon), &[], &[]).bars.is_empty());
    }
}
