//! Typed identifiers: a player's id can never stand where a video's belongs.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// A video, from the first byte of its upload to its tombstone.
    VideoId
}
uuid_id! {
    /// A registered person: player, voter, operator.
    PlayerId
}
uuid_id! {
    /// One try at processing a video.
    AttemptId
}
uuid_id! {
    /// A panel of the jury.
    PanelId
}
uuid_id! {
    /// One of the things that a panel marks.
    CriterionId
}
uuid_id! {
    /// Proof that its holder is the worker to which an attempt was given.
    LeaseToken
}

/// The ordinal of a try at a video. It starts at 1, only ever grows and is
/// never used twice, so that it can be part of a result's storage key.
/// 0 stands for "never tried".
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct AttemptNo(pub u32);

impl AttemptNo {
    /// The number of a video that has never been tried.
    pub const NONE: Self = Self(0);

    /// The number of the try after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for AttemptNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AttemptNo {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
