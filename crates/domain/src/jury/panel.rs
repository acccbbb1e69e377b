//! Which videos a panel scores, and how far a juror is with one.

use std::{fmt, str::FromStr};

use crate::Place as PlaceName;

/// Which of the published videos a panel looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PanelScope {
    #[default]
    All,
    City {
        city: PlaceName,
        country: PlaceName,
    },
    /// The id of one of the contest's categories.
    Category(String),
}

/// The kind of a scope alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ScopeKind {
    #[default]
    All,
    City,
    Category,
}

/// Whether a panel takes marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PanelStage {
    Ahead,
    Open,
    /// For good: jurors may know each other's marks from now on.
    Closed,
}

/// How far a juror is with a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SheetState {
    /// Nothing is marked.
    Blank,
    /// Some is marked; counts nowhere.
    Draft,
    /// Counts.
    Finished,
    /// The juror has declared a conflict of interest, and does not mark it.
    Recused,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown name {0:?}")]
pub struct UnknownName(String);

/// Names as they are kept in rows and forms.
macro_rules! named {
    ($type:ty: $($variant:ident = $name:literal),+) => {
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|one| one.as_str() == text)
                    .ok_or_else(|| UnknownName(text.to_owned()))
            }
        }
    };
}

named!(PanelStage: Ahead = "ahead", Open = "open", Closed = "closed");
named!(ScopeKind: All = "all", City = "city", Category = "category");
named!(SheetState:
    Blank = "blank", Draft = "draft", Finished = "finished", Recused = "recused");

impl PanelScope {
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        match self {
            Self::All => ScopeKind::All,
            Self::City { .. } => ScopeKind::City,
            Self::Category(_) => ScopeKind::Category,
        }
    }
}

impl SheetState {
    /// Whether the juror has nothing left to do.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Finished | Self::Recused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for state in SheetState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        for stage in PanelStage::ALL {
            assert_eq!(stage.as_str().parse(), Ok(*stage));
        }
        for kind in ScopeKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert!("town".parse::<ScopeKind>().is_err());
    }
}
