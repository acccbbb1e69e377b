//! An outage is logged when it begins and when it ends, not at every try.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// After so long a statement will not be answered any more: the server gives up
/// its own earlier, and if its machine has vanished TCP notices only after a
/// quarter of an hour.
pub(crate) const LONGEST_STATEMENT: Duration = Duration::from_secs(45);

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The pause after `tries` failures in a row: doubled each time, from a
/// quarter of a second to half a minute.
pub(crate) fn backoff(tries: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries)).min(LONGEST_PAUSE)
}

/// Whether something we depend on answers.
pub(crate) struct Outage {
    what: &'static str,
    since: Option<Instant>,
    failures: u32,
}

impl Outage {
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what, since: None, failures: 0 }
    }

    /// It did not answer. Returns how long to wait before the next try.
    pub(crate) fn note(&mut self, error: &dyn fmt::Display) -> Duration {
        if self.since.is_none() {
            self.since = Some(Instant::now());
            tracing::warn!(what = self.what, %error, "outage began");
        }
        let pause = backoff(self.failures);
        self.failures = self.failures.saturating_add(1);
        pause
    }

    /// It answered.
    pub(crate) fn over(&mut self) {
        if let Some(since) = self.since.take() {
            let duration_ms = since.elapsed().as_millis();
            tracing::info!(what = self.what, failures = self.failures, duration_ms, "outage over");
        }
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_half_a_minute() {
        let pauses: Vec<_> = [0, 1, 2, 6, 7, 1000].map(|tries| backoff(tries).as_millis()).into();
        assert_eq!(pauses, [250, 500, 1000, 16_000, 30_000, 30_000]);
    }

    #[test]
    fn an_answer_starts_the_pauses_again() {
        let mut outage = Outage::of("queue");
        outage.note(&"down");
        assert_eq!(outage.note(&"down"), Duration::from_millis(500));
        outage.over();
        assert_eq!(outage.note(&"down"), Duration::from_millis(250));
    }
}
