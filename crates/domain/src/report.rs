//! What visitors may find wrong with a video.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why somebody reports a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// It shows, or names, somebody else.
    WrongPerson,
    Offensive,
    /// The play is somebody else's.
    NotOwn,
    Copyright,
    Other,
}

/// The text names no reason.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown reason {0:?}")]
pub struct UnknownReason(String);

impl ReportReason {
    /// Every reason, in the order in which a form offers them.
    pub const ALL: [Self; 5] =
        [Self::WrongPerson, Self::Offensive, Self::NotOwn, Self::Copyright, Self::Other];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongPerson => "wrong_person",
            Self::Offensive => "offensive",
            Self::NotOwn => "not_own",
            Self::Copyright => "copyright",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for ReportReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ReportReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.as_str() == text).ok_or_else(|| UnknownReason(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::ReportReason;

    #[test]
    fn names_survive_the_round_trip() {
        for reason in ReportReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(reason));
        }
        assert!("boring".parse::<ReportReason>().is_err());
    }
}
