//! Waiting for a message that is not there yet.

use std::time::Duration;

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use crate::{Delivery, MAX_WAIT, QueueError};

/// Shortest pause between two looks, so that a clock that stands still does
/// not make a busy loop.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);

/// What a receiver finds when it looks into its queue.
pub(crate) enum Look {
    Found(Vec<Delivery>),
    /// Nothing now; the next hidden message becomes visible after `next_in`.
    Empty {
        next_in: Option<Duration>,
    },
}

/// Looks until something is found or `wait` is over: again whenever `bell`
/// rings, when the next hidden message is due, and at least every `poll`.
pub(crate) async fn long_poll<F, Fut>(
    bell: &Notify,
    wait: Duration,
    poll: Duration,
    mut look: F,
) -> Result<Vec<Delivery>, QueueError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Look, QueueError>>,
{
    let deadline = Instant::now() + longest(wait);
    loop {
        // Listening begins before the look, so that a message sent after the
        // look rings and is not missed.
        let rung = bell.notified();
        tokio::pin!(rung);
        rung.as_mut().enable();

        let pause = match look().await? {
            Look::Found(deliveries) => return Ok(deliveries),
            Look::Empty { next_in } => next_in.map_or(poll, |next| next.min(poll)),
        };
        let now = Instant::now();
        if now >= deadline {
            return Ok(Vec::new());
        }
        tokio::select! {
            () = rung => {}
            () = sleep_until(deadline.min(now + pause.max(SHORTEST_PAUSE))) => {}
        }
    }
}

/// Nobody waits longer than SQS would let them.
fn longest(wait: Duration) -> Duration {
    wait.min(MAX_WAIT)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const NEVER: Duration = Duration::from_hours(1);
    /// Far more than what is near takes on a busy machine.
    const LONG: Duration = Duration::from_secs(15);

    #[tokio::test]
    async fn a_message_sent_right_after_the_look_is_not_missed() {
        let bell = Notify::new();
        let looks = AtomicU32::new(0);
        let started = Instant::now();

        let found = long_poll(&bell, MAX_WAIT, NEVER, || async {
            if looks.fetch_add(1, Ordering::Relaxed) == 0 {
                // Sent when the receiver has looked but does not sleep yet.
                bell.notify_waiters();
                return Ok(Look::Empty { next_in: None });
            }
            Ok(Look::Found(Vec::new()))
        });

        found.await.unwrap();
        assert_eq!(looks.into_inner(), 2);
        assert!(started.elapsed() < LONG, "it has slept through the bell");
    }

    #[tokio::test]
    async fn a_receiver_wakes_when_the_next_message_is_due() {
        let bell = Notify::new();
        let started = Instant::now();
        let due = Duration::from_millis(50);

        let found = long_poll(&bell, MAX_WAIT, NEVER, || async {
            match due.checked_sub(started.elapsed()) {
                Some(left) if !left.is_zero() => Ok(Look::Empty { next_in: Some(left) }),
                _ => Ok(Look::Found(Vec::new())),
            }
        });

        found.await.unwrap();
        assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
    }

    #[tokio::test]
    async fn a_wait_ends_without_a_message() {
        let bell = Notify::new();
        let wait = Duration::from_millis(50);
        let started = Instant::now();

        let found = long_poll(&bell, wait, NEVER, || async { Ok(Look::Empty { next_in: None }) });

        assert_eq!(found.await.unwrap(), []);
        assert!(started.elapsed() >= wait);
    }

    #[test]
    fn no_wait_is_longer_than_twenty_seconds() {
        assert_eq!(longest(NEVER), Duration::from_secs(20));
        assert_eq!(longest(Duration::from_secs(7)), Duration::from_secs(7));
    }
}
