//! How long people wait for their video.

use std::{collections::BTreeMap, time::Duration};

use sea_orm::FromQueryResult;

use super::window::{InStep, Window, by_step};
use crate::{Store, StoreError, row::count};

/// Time from upload to published, of the videos published first in some
/// stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waits {
    /// How many videos took so many tenths of a second.
    tenths: BTreeMap<u64, u64>,
}

impl Waits {
    #[must_use]
    pub fn videos(&self) -> u64 {
        self.tenths.values().sum()
    }

    /// So many percent took no longer (nearest rank); `None` of no videos.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<Duration> {
        let rank = (self.videos() * percent).div_ceil(100).max(1);
        let mut passed = 0;
        let reaches = |(_, videos): &(&u64, &u64)| {
            passed += **videos;
            passed >= rank
        };
        let (tenths, _) = self.tenths.iter().find(reaches)?;
        Some(Duration::from_millis(tenths * 100))
    }

    /// Of several stretches together.
    #[must_use]
    pub fn together<'w>(all: impl IntoIterator<Item = &'w Self>) -> Self {
        let mut together = Self::default();
        for (tenths, videos) in all.into_iter().flat_map(|waits| &waits.tenths) {
            together.note(*tenths, *videos);
        }
        together
    }

    fn note(&mut self, tenths: u64, videos: u64) {
        *self.tenths.entry(tenths).or_default() += videos;
    }
}

#[derive(FromQueryResult)]
struct WaitRow {
    step: i64,
    tenths: i64,
    videos: i64,
}

impl InStep for WaitRow {
    fn step(&self) -> i64 {
        self.step
    }
}

impl Store {
    /// How long the videos took that were published in each step. One that was
    /// made anew later is left out: nobody waited for that.
    pub async fn waits(&self, window: &Window) -> Result<Vec<Waits>, StoreError> {
        let (end, start) =
            (self.milliseconds("done.finished_at"), self.milliseconds("videos.uploaded_at"));
        let sql = format!(
            "SELECT {{step}} AS step, ({end} - {start} + 50) / 100 AS tenths, COUNT(*) AS videos
             FROM attempts AS done JOIN videos ON videos.id = done.video_id
             WHERE done.finished_at >= $1 AND done.finished_at < $2
               AND done.outcome = 'published' AND videos.uploaded_at IS NOT NULL
               AND NOT EXISTS (
                   SELECT 1 FROM attempts AS before
                   WHERE before.video_id = done.video_id AND before.no < done.no
                     AND before.outcome = 'published')
             GROUP BY 1, 2"
        );
        let rows = self.ask(window, &sql, "done.finished_at").await?;
        by_step(window, rows, |waits: &mut Waits, row: WaitRow| {
            // The clocks of two machines may differ.
            let tenths = row.tenths.max(0).unsigned_abs();
            waits.note(tenths, count("attempts", "videos", row.videos)?);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(tenths: &[u64]) -> Waits {
        let mut waits = Waits::default();
        for tenths in tenths {
            waits.note(*tenths, 1);
        }
        waits
    }

    fn ms(waits: &Waits, percent: u64) -> Option<u128> {
        waits.percentile(percent).map(|wait| wait.as_millis())
    }

    #[test]
    fn a_percentile_is_the_wait_of_a_video_that_there_was() {
        let hundred = waits(&(1..=100).collect::<Vec<_>>());
        assert_eq!([50, 95, 100].map(|p| ms(&hundred, p)), [Some(5000), Some(9500), Some(10_000)]);
        let two = waits(&[30, 10]);
        assert_eq!([50, 95].map(|p| ms(&two, p)), [Some(1000), Some(3000)]);
        assert_eq!(ms(&waits(&[7]), 50), Some(700));
        assert_eq!(ms(&waits(&[]), 50), None);
    }

    #[test]
    fn stretches_are_put_together_video_by_video() {
        let together = Waits::together([&waits(&[1, 1, 1]), &waits(&[]), &waits(&[9])]);
        assert_eq!(together, waits(&[1, 1, 1, 9]));
        assert_eq!((together.videos(), ms(&together, 50)), (4, Some(100)));
    }
}
