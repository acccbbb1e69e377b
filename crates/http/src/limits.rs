//! How often somebody may do something.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use http::HeaderValue;
use thiserror::Error;

/// Not now; perhaps after the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too many requests; try again in {wait:?}")]
pub struct TooMany {
    pub wait: Duration,
}

/// A number of times per minute for each key, evenly refilled (GCRA).
///
/// Counted by the machine's monotonic clock, not by the injected one: a wall
/// clock set back must not lock anybody out.
pub struct RateLimit<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> RateLimit<K> {
    /// Checks between two clearings of keys that are as good as new: bounds
    /// the memory that a stream of ever new addresses can take.
    const CHECKS_PER_CLEARING: u32 = 1024;

    /// A setting of 0 is taken for 1.
    #[must_use]
    pub fn per_minute(times: u32) -> Self {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        Self {
            limiter: RateLimiter::keyed(Quota::per_minute(times)),
            clock: DefaultClock::default(),
            checks: AtomicU32::new(0),
        }
    }

    pub fn check(&self, key: &K) -> Result<(), TooMany> {
        if self.checks.fetch_add(1, Ordering::Relaxed).is_multiple_of(Self::CHECKS_PER_CLEARING) {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(key)
            .map_err(|until| TooMany { wait: until.wait_time_from(self.clock.now()) })
    }
}

/// `Retry-After`, rounded up: who waits that long is let through.
#[must_use]
pub fn retry_after(wait: Duration) -> HeaderValue {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    HeaderValue::from(seconds.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_budget_and_learns_when_to_return() {
        let limit = RateLimit::per_minute(2);
        assert_eq!(limit.check(&"ana"), Ok(()));
        assert_eq!(limit.check(&"ana"), Ok(()));
        let TooMany { wait } = limit.check(&"ana").unwrap_err();
        assert!(wait > Duration::from_secs(20) && wait <= Duration::from_secs(30), "{wait:?}");
        assert_eq!(limit.check(&"luis"), Ok(()));
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_too_short() {
        let told = [0, 1, 1000, 1001].map(|ms| retry_after(Duration::from_millis(ms)));
        assert_eq!(told, ["1", "1", "1", "2"].map(HeaderValue::from_static));
    }
}
