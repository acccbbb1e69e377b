//! Who sees a video that has been made: what the operators have ruled about
//! it, apart from where it stands in its life ([`crate::VideoStatus`]).

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Who sees it. The public sees what is completed and `Public`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Its owner and the operators, until one of these has looked at it.
    Awaiting,
    /// Its owner and the operators: it was declined or taken down.
    Hidden,
    /// The same; it is out of the contest, and its votes with it.
    Disqualified,
}

/// What operators rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Everybody may see it: approved, or shown again.
    Publish,
    /// Nobody else may see it: declined, or taken down.
    Unpublish,
    /// It breaks the contest's rules.
    Disqualify,
    /// It does not, after all: it is back, with its votes.
    Reinstate,
}

/// What somebody sees does not allow what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a video that is {from} cannot {ruling}")]
pub struct IllegalRuling {
    pub from: Visibility,
    pub ruling: Ruling,
}

/// The text names nothing of the kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown name {0:?}")]
pub struct UnknownName(String);

/// Which results an operator looks at before everybody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// None: everybody sees a result as soon as it is made.
    #[default]
    None,
    /// Those of players of whom nothing is public yet.
    FirstVideo,
    /// Every result.
    All,
}

impl Visibility {
    pub const ALL: [Self; 4] = [Self::Public, Self::Awaiting, Self::Hidden, Self::Disqualified];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Awaiting => "awaiting",
            Self::Hidden => "hidden",
            Self::Disqualified => "disqualified",
        }
    }

    /// Who sees it after `ruling`.
    ///
    /// # Errors
    /// [`IllegalRuling`] where it would change nothing, or where another
    /// ruling stands in the way.
    pub fn after(self, ruling: Ruling) -> Result<Self, IllegalRuling> {
        use Visibility as V;
        match (self, ruling) {
            (V::Awaiting | V::Hidden, Ruling::Publish) | (V::Disqualified, Ruling::Reinstate) => {
                Ok(V::Public)
            }
            (V::Public | V::Awaiting, Ruling::Unpublish) => Ok(V::Hidden),
            (from, Ruling::Disqualify) if from != V::Disqualified => Ok(V::Disqualified),
            (from, ruling) => Err(IllegalRuling { from, ruling }),
        }
    }
}

impl Ruling {
    pub const ALL: [Self; 4] = [Self::Publish, Self::Unpublish, Self::Disqualify, Self::Reinstate];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::Disqualify => "disqualify",
            Self::Reinstate => "reinstate",
        }
    }

    /// Whether its owner is owed a reason.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Unpublish | Self::Disqualify)
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Publish => "be published",
            Self::Unpublish => "be unpublished",
            Self::Disqualify => "be disqualified",
            Self::Reinstate => "be reinstated",
        })
    }
}

impl FromStr for Visibility {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|visibility| visibility.as_str() == text).ok_or_else(|| UnknownName(text.into()))
    }
}

impl FromStr for Ruling {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|ruling| ruling.as_str() == text).ok_or_else(|| UnknownName(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Ruling, Visibility};

    #[test]
    fn every_ruling() {
        let edges: Vec<String> = Visibility::ALL
            .into_iter()
            .flat_map(|from| Ruling::ALL.map(|ruling| (from, ruling)))
            .filter_map(|(from, ruling)| {
                let to = from.after(ruling).ok()?;
                Some(format!("{from} --{ruling:?}--> {to}\n"))
            })
            .collect();
        assert_eq!(
            edges.concat(),
            "public --Unpublish--> hidden\n\
             public --Disqualify--> disqualified\n\
             awaiting --Publish--> public\n\
             awaiting --Unpublish--> hidden\n\
             awaiting --Disqualify--> disqualified\n\
             hidden --Publish--> public\n\
             hidden --Disqualify--> disqualified\n\
             disqualified --Reinstate--> public\n"
        );
    }

    #[test]
    fn a_refused_ruling_says_why() {
        let refusal = Visibility::Disqualified.after(Ruling::Publish).unwrap_err();
        assert_eq!(refusal.to_string(), "a video that is disqualified cannot be published");
    }

    #[test]
    fn names_survive_the_round_trip() {
        for visibility in Visibility::ALL {
            assert_eq!(visibility.as_str().parse(), Ok(visibility));
        }
        for ruling in Ruling::ALL {
            assert_eq!(ruling.as_str().parse(), Ok(ruling));
        }
        assert!("gone".parse::<Visibility>().is_err());
    }
}
