//! Time that runs, and can be set forward.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anb_domain::{Clock, SystemClock};
use chrono::{DateTime, Utc};

#[derive(Default)]
pub struct ShiftedClock {
    ahead_ms: AtomicU64,
}

impl ShiftedClock {
    /// Lets `duration` pass at once.
    pub fn forward(&self, duration: Duration) {
        let ms = u64::try_from(duration.as_millis()).unwrap();
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + Duration::from_millis(self.ahead_ms.load(Ordering::SeqCst))
    }
}
