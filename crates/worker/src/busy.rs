//! How many jobs run, and what share of the worker's time each has taken.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::measure;

/// Counts running jobs, and the time in which they run.
pub(crate) struct Busy {
    meter: Mutex<Meter>,
    running: watch::Sender<usize>,
}

/// A job that runs until this is dropped.
pub(crate) struct Turn {
    busy: Arc<Busy>,
    begun: Duration,
}

/// Time as each running job sees it: with n of them it passes n times slower.
struct Meter {
    running: u32,
    /// What has passed up to `seen`.
    each: Duration,
    seen: Instant,
}

impl Busy {
    pub(crate) fn new() -> Arc<Self> {
        let meter = Meter { running: 0, each: Duration::ZERO, seen: Instant::now() };
        Arc::new(Self { meter: Mutex::new(meter), running: watch::Sender::new(0) })
    }

    /// A job begins.
    pub(crate) fn begin(self: &Arc<Self>) -> Turn {
        let begun = self.meter().begin(Instant::now());
        self.running.send_modify(|running| *running += 1);
        measure::busy(1.0);
        Turn { busy: Arc::clone(self), begun }
    }

    pub(crate) fn running(&self) -> usize {
        *self.running.borrow()
    }

    /// Follows the number of running jobs.
    pub(crate) fn watch(&self) -> watch::Receiver<usize> {
        self.running.subscribe()
    }

    fn meter(&self) -> MutexGuard<'_, Meter> {
        self.meter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// This job's share, so far, of the time for which the worker was busy.
    pub(crate) fn share(&self) -> Duration {
        self.busy.meter().read(Instant::now()).saturating_sub(self.begun)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.meter().end(Instant::now());
        self.busy.running.send_modify(|running| *running -= 1);
        measure::busy(-1.0);
    }
}

impl Meter {
    fn read(&mut self, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(self.seen);
        self.each += passed.checked_div(self.running).unwrap_or_default();
        self.seen = now;
        self.each
    }

    fn begin(&mut self, now: Instant) -> Duration {
        let begun = self.read(now);
        self.running += 1;
        begun
    }

    fn end(&mut self, now: Instant) {
        self.read(now);
        self.running -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    impl Meter {
        fn since(&mut self, begun: Duration, now: Instant) -> Duration {
            self.read(now).checked_sub(begun).expect("time passes")
        }
    }

    fn meter() -> (Meter, Instant) {
        let start = Instant::now();
        (Meter { running: 0, each: Duration::ZERO, seen: start }, start)
    }

    #[test]
    fn a_lone_job_takes_all_of_the_time() {
        let (mut meter, start) = meter();
        let begun = meter.begin(start + SECOND);
        assert_eq!(meter.since(begun, start + 4 * SECOND), 3 * SECOND);
    }

    #[test]
    fn jobs_at_the_same_time_share_it_and_the_shares_add_up() {
        let (mut meter, start) = meter();
        let first = meter.begin(start);
        let second = meter.begin(start + 2 * SECOND);
        let of_first = meter.since(first, start + 8 * SECOND);
        meter.end(start + 8 * SECOND);
        let of_second = meter.since(second, start + 9 * SECOND);
        assert_eq!((of_first, of_second), (5 * SECOND, 4 * SECOND));
        assert_eq!(of_first + of_second, 9 * SECOND, "as long as the worker was busy");
    }

    #[test]
    fn idle_time_is_nobodys() {
        let (mut meter, start) = meter();
        meter.begin(start);
        meter.end(start + SECOND);
        let begun = meter.begin(start + 100 * SECOND);
        assert_eq!(meter.since(begun, start + 101 * SECOND), SECOND);
    }

    #[test]
    fn running_jobs_are_counted() {
        let busy = Busy::new();
        let (one, two) = (busy.begin(), busy.begin());
        assert_eq!((busy.running(), *busy.watch().borrow()), (2, 2));
        drop((one, two));
        assert_eq!(busy.running(), 0);
    }
}
