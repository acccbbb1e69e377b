//! Which of the hidden messages are delayed, and which are on loan.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The ends of the delays with which this process has given messages back.
/// SQS counts such a message as in flight, like one that is worked on.
#[derive(Default)]
pub(super) struct PutOff(Mutex<Vec<Instant>>);

impl PutOff {
    pub fn note(&self, delay: Duration) {
        let now = Instant::now();
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ends.retain(|end| *end > now);
        ends.extend(now.checked_add(delay).filter(|end| *end > now));
    }

    /// How many are still delayed.
    pub fn count(&self) -> u64 {
        let now = Instant::now();
        let ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ends.iter().filter(|end| **end > now).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_counts_until_it_is_over() {
        let put_off = PutOff::default();
        put_off.note(Duration::ZERO);
        assert_eq!(put_off.count(), 0, "given back at once");

        put_off.note(Duration::from_millis(1));
        put_off.note(Duration::from_hours(1));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(put_off.count(), 1);
        put_off.note(Duration::from_hours(1));
        assert_eq!(put_off.count(), 2);
        assert_eq!(put_off.0.lock().unwrap().len(), 2, "what is over is forgotten");
    }
}
