//! What to do after a try has gone wrong.

use std::time::Duration;

/// Three tries, then the message goes to the dead letters
/// (SQS `maxReceiveCount`, DESIGN §4).
pub const MAX_TRIES: u32 = 3;

/// What becomes of a video after a try that went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Another try, after this long, with the same message.
    Again { after: Duration },
    /// Another try is left but the queue will not deliver this message again
    /// (hand-backs have used up its receives): send a new one.
    AgainWithNewMessage,
    /// The last try is over: the video fails, the message goes to the dead
    /// letters.
    GiveUp,
}

/// Decides after try number `tries` of a video (hand-backs not counted) whose
/// message has been received `receives` times.
#[must_use]
pub fn after_failed_try(tries: u32, receives: u32, first_delay: Duration) -> Verdict {
    if tries >= MAX_TRIES {
        Verdict::GiveUp
    } else if receives >= MAX_TRIES {
        Verdict::AgainWithNewMessage
    } else {
        Verdict::Again { after: backoff(tries, first_delay) }
    }
}

/// The pause after try number `tries`: `first`, then four times as long each.
fn backoff(tries: u32, first: Duration) -> Duration {
    first.saturating_mul(4_u32.saturating_pow(tries.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(10);

    #[test]
    fn the_pause_grows_and_the_third_failure_is_the_last() {
        let again = |seconds| Verdict::Again { after: Duration::from_secs(seconds) };
        assert_eq!(after_failed_try(1, 1, FIRST), again(10));
        assert_eq!(after_failed_try(2, 2, FIRST), again(40));
        assert_eq!(after_failed_try(3, 3, FIRST), Verdict::GiveUp);
    }

    #[test]
    fn a_deployment_that_interrupts_a_try_does_not_cost_it() {
        assert_eq!(after_failed_try(1, 3, FIRST), Verdict::AgainWithNewMessage);
    }
}
