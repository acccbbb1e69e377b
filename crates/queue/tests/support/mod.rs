//! A clock that stands still until it is set forward.

use std::{sync::Mutex, time::Duration};

use anb_domain::Clock;
use chrono::{DateTime, Utc};

/// Long enough that nothing becomes visible by itself during a test.
pub const VISIBILITY: Duration = Duration::from_secs(60);

pub struct SetClock(Mutex<DateTime<Utc>>);

impl SetClock {
    pub fn forward(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

impl Default for SetClock {
    fn default() -> Self {
        Self(Mutex::new("2026-05-01T12:00:00Z".parse().unwrap()))
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}
