//! A clock that stands still until a test moves it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anb_domain::Clock;
use chrono::{DateTime, Utc};

/// Shows the first of May 2026, noon UTC, until told otherwise.
#[derive(Debug)]
pub struct FakeClock(Mutex<DateTime<Utc>>);

/// 2026-05-01T12:00:00Z in seconds since 1970.
const NOON: i64 = 1_777_636_800;

impl Default for FakeClock {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(NOON, 0).unwrap_or_default()))
    }
}

impl FakeClock {
    pub fn set(&self, moment: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
