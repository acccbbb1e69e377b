//! What other systems are told of, and how often we try to tell them.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Something that has happened. Its name is what receivers see as `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventKind {
    /// A video has been published.
    #[serde(rename = "video.completed")]
    VideoCompleted,
    /// A clip breaks a rule.
    #[serde(rename = "video.rejected")]
    VideoRejected,
    /// A video could not be processed.
    #[serde(rename = "video.failed")]
    VideoFailed,
    /// Voting has closed.
    #[serde(rename = "contest.closed")]
    ContestClosed,
    /// Somebody wants to see whether events arrive.
    #[serde(rename = "ping")]
    Ping,
}

/// The text names no event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown event {0:?}")]
pub struct UnknownEvent(String);

impl EventKind {
    /// Those that a receiver chooses from.
    pub const CHOICE: [Self; 4] =
        [Self::VideoCompleted, Self::VideoRejected, Self::VideoFailed, Self::ContestClosed];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VideoCompleted => "video.completed",
            Self::VideoRejected => "video.rejected",
            Self::VideoFailed => "video.failed",
            Self::ContestClosed => "contest.closed",
            Self::Ping => "ping",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventKind {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::CHOICE
            .into_iter()
            .chain([Self::Ping])
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownEvent(text.to_owned()))
    }
}

/// Pauses before the second, third, … try, as
/// [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
/// proposes: about three days in all.
const PAUSES: [Duration; MAX_SENDS as usize - 1] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// Longest pause that a receiver may ask for.
const LONGEST: Duration = Duration::from_hours(24);

/// How often an event is sent to a receiver that does not take it.
pub const MAX_SENDS: u32 = 10;

/// How long to wait after `sends` sends that failed; at least as long as the
/// receiver `asked` for. `None`: it was the last.
#[must_use]
pub fn pause_after(sends: u32, asked: Option<Duration>) -> Option<Duration> {
    let pause = PAUSES.get(usize::try_from(sends.max(1) - 1).ok()?)?;
    Some(asked.unwrap_or_default().min(LONGEST).max(*pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in EventKind::CHOICE.into_iter().chain([EventKind::Ping]) {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!("video".parse::<EventKind>(), Err(UnknownEvent("video".into())));
    }

    #[test]
    fn pauses_grow_until_ten_sends_have_failed() {
        let pauses: Vec<_> = (1..=MAX_SENDS).map(|sends| pause_after(sends, None)).collect();
        let (minute, hour) = (60, 3600);
        let promised = [
            5,
            5 * minute,
            30 * minute,
            2 * hour,
            5 * hour,
            10 * hour,
            14 * hour,
            20 * hour,
            24 * hour,
        ];
        let promised = promised.map(|seconds| Some(Duration::from_secs(seconds)));
        assert_eq!(pauses, [&promised[..], &[None]].concat(), "as docs/webhooks.md says");
    }

    #[test]
    fn a_receiver_may_ask_for_more_patience_but_not_for_ever() {
        let asked = |seconds| pause_after(1, Some(Duration::from_secs(seconds)));
        assert_eq!(asked(1), Some(Duration::from_secs(5)));
        assert_eq!(asked(90), Some(Duration::from_secs(90)));
        assert_eq!(asked(10_000_000), Some(LONGEST));
        assert_eq!(pause_after(MAX_SENDS, Some(Duration::from_secs(90))), None);
    }
}
