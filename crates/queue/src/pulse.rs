//! Whether a receive loop still hears from its queue.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anb_domain::Clock;

/// A receive loop that has not succeeded for so long has stalled. A receive
/// waits for at most [`MAX_WAIT`](crate::MAX_WAIT), so several in a row have
/// failed by then.
pub const STALLED_AFTER: Duration = Duration::from_mins(2);

/// Stands for the time while nothing is to be received.
const RESTING: i64 = i64::MAX;

/// Notes when a receive loop last heard from its queue. The loop beats it,
/// whoever reports on health reads it; both is one atomic operation.
///
/// ```
/// # use std::sync::Arc;
/// # use anb_queue::{JobQueue, Pulse};
/// # async fn receive_loop(pulse: Arc<Pulse>, queue: Arc<dyn JobQueue>) {
/// # let wait = std::time::Duration::from_secs(20);
/// loop {
///     // … `pulse.rest()` while there is no free slot …
///     pulse.resume();
///     if queue.receive(1, wait).await.is_ok() {
///         pulse.beat();
///     }
/// }
/// # }
/// ```
pub struct Pulse {
    clock: Arc<dyn Clock>,
    /// Milliseconds since 1970 of the last success, or of the end of the last
    /// rest if that came later; [`RESTING`] while nothing is to be received.
    since_ms: AtomicI64,
}

impl Pulse {
    /// The pulse of a loop that does not run yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, since_ms: AtomicI64::new(RESTING) }
    }

    /// A receive has succeeded, with messages or without.
    pub fn beat(&self) {
        self.since_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// Nothing is to be received until [`Pulse::resume`]: no slot is free, or
    /// the loop has ended. However long that lasts, it is no stall.
    pub fn rest(&self) {
        self.since_ms.store(RESTING, Ordering::Relaxed);
    }

    /// Receiving goes on. Changes nothing unless the loop rested.
    pub fn resume(&self) {
        let now_ms = self.now_ms();
        let _ =
            self.since_ms.compare_exchange(RESTING, now_ms, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// For how long no receive has succeeded, if that is [`STALLED_AFTER`] or
    /// longer.
    #[must_use]
    pub fn stalled_for(&self) -> Option<Duration> {
        let silence_ms = self.now_ms().saturating_sub(self.since_ms.load(Ordering::Relaxed));
        let silence = Duration::from_millis(u64::try_from(silence_ms).ok()?);
        (silence >= STALLED_AFTER).then_some(silence)
    }

    fn now_ms(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }
}

impl fmt::Debug for Pulse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pulse").field("stalled_for", &self.stalled_for()).finish()
    }
}

#[cfg(test)]
mod tests {
    use anb_testkit::FakeClock;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const NOT_YET: Duration = Duration::from_secs(119);

    fn pulse() -> (Pulse, Arc<FakeClock>) {
        let clock = Arc::new(FakeClock::default());
        (Pulse::new(clock.clone()), clock)
    }

    #[test]
    fn a_loop_that_fails_for_two_minutes_has_stalled() {
        let (pulse, clock) = pulse();
        pulse.resume();
        clock.advance(NOT_YET);
        pulse.resume();
        assert_eq!(pulse.stalled_for(), None);

        clock.advance(SECOND);
        assert_eq!(pulse.stalled_for(), Some(STALLED_AFTER));
        clock.advance(SECOND);
        assert_eq!(pulse.stalled_for(), Some(STALLED_AFTER + SECOND));
    }

    #[test]
    fn a_success_ends_the_stall() {
        let (pulse, clock) = pulse();
        pulse.resume();
        clock.advance(STALLED_AFTER);

        pulse.beat();

        assert_eq!(pulse.stalled_for(), None);
        clock.advance(STALLED_AFTER);
        assert_eq!(pulse.stalled_for(), Some(STALLED_AFTER));
    }

    #[test]
    fn who_rests_does_not_stall() {
        let (pulse, clock) = pulse();
        clock.advance(STALLED_AFTER * 10);
        assert_eq!(pulse.stalled_for(), None, "it has not begun");

        pulse.resume();
        pulse.beat();
        pulse.rest();
        clock.advance(STALLED_AFTER * 10);
        assert_eq!(pulse.stalled_for(), None, "there was no free slot");

        pulse.resume();
        clock.advance(NOT_YET);
        assert_eq!(pulse.stalled_for(), None, "the rest does not count");
        clock.advance(SECOND);
        assert_eq!(pulse.stalled_for(), Some(STALLED_AFTER));
    }
}
