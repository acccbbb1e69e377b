//! Making published videos again, with a new recipe.
//!
//! A video stays `completed` and public meanwhile: what is being made is not
//! its state but a job beside it. Only when the new result is in storage does
//! it take the place of the old one, in one step
//! ([`crate::Transition::Replace`]); whatever goes wrong before leaves the old
//! result where it is.
//!
//! ```text
//!            pace                 claim
//! wanted ─────────▶ queued ───────────────▶ running ──replace──▶ done
//!   ▲ ▲               │ │ ▲                  │ │ │
//!   │ └─fresh uploads─┘ │ └──────again───────┘ │ └──────keep──────▶ kept
//!   └──────────────────(message lost, worker lost)
//! wanted, queued, running ──drop──▶ dropped
//! ```

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Gives each variant its name, and the way back.
macro_rules! named {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                let known = Self::ALL.iter().copied().find(|known| known.as_str() == text);
                known.ok_or_else(|| UnknownName::new(text))
            }
        }
    };
}
pub(crate) use named;

/// The text names none of them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown name {0:?}")]
pub struct UnknownName(String);

impl UnknownName {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Where the job of making one published video again stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits until there is room behind the fresh uploads.
    Wanted,
    /// Its message is in the queue, or on the way there.
    Queued,
    /// A worker is at it.
    Running,
    /// The new result is published.
    Done,
    /// It could not be made: the old result stays.
    Kept,
    /// Nobody wants it any more: stopped, deleted, or made again for another
    /// reason.
    Dropped,
}

named!(JobState {
    Wanted = "wanted",
    Queued = "queued",
    Running = "running",
    Done = "done",
    Kept = "kept",
    Dropped = "dropped",
});

impl JobState {
    /// Those in which there is still something to do.
    pub const OPEN: [Self; 3] = [Self::Wanted, Self::Queued, Self::Running];

    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

/// Which videos a run makes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunScope {
    /// Every published video.
    All,
    /// Those made with another recipe than the current one.
    Older,
    /// A single one.
    One,
}

named!(RunScope { All = "all", Older = "older", One = "one" });

/// What operators have made of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Going,
    /// No further video is begun until it goes on.
    Paused,
    /// What had not begun never will.
    Stopped,
}

named!(RunState { Going = "going", Paused = "paused", Stopped = "stopped" });

impl RunState {
    /// Whether an operator may bring it from here to `to`. What was stopped
    /// stays so.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        match self {
            Self::Going => to != Self::Going,
            Self::Paused => to != Self::Paused,
            Self::Stopped => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_round_trip() {
        for state in JobState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        assert!("begun".parse::<JobState>().is_err());
    }

    #[test]
    fn what_was_stopped_stays_so() {
        let changes: Vec<_> = RunState::ALL
            .iter()
            .flat_map(|from| RunState::ALL.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| from.may_become(*to))
            .map(|(from, to)| format!("{from} -> {to}"))
            .collect();
        let expected =
            ["going -> paused", "going -> stopped", "paused -> going", "paused -> stopped"];
        assert_eq!(changes, expected);
    }
}
