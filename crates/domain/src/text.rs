//! Short texts that people type: trimmed, not blank, of bounded length and
//! free of control characters.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidText {
    #[error("must not be blank")]
    Blank,
    #[error("must not be longer than {max} characters")]
    TooLong { max: usize },
    #[error("must not contain control characters")]
    ControlCharacter,
}

fn check(text: &str, max: usize) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InvalidText::Blank);
    }
    if text.chars().count() > max {
        return Err(InvalidText::TooLong { max });
    }
    if text.chars().any(char::is_control) {
        return Err(InvalidText::ControlCharacter);
    }
    Ok(text.to_owned())
}

macro_rules! short_text {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Longest accepted text, in characters.
            pub const MAX_CHARS: usize = $max;

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                check(text, $max).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

short_text! {
    /// What a player calls a video.
    Title, 120
}
short_text! {
    /// A first or last name.
    PersonName, 80
}
short_text! {
    /// What a panel of the jury is called.
    PanelName, 80
}
short_text! {
    /// What one criterion of the jury is called.
    CriterionName, 60
}
short_text! {
    /// A city or country, as people write it.
    Place, 80
}

short_text! {
    /// Why somebody does something, for those whom it concerns.
    Reason, 500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_around_a_title_do_not_count() {
        assert_eq!(
            "  Triple desde el logo 🏀 ".parse::<Title>().unwrap().as_str(),
            "Triple desde el logo 🏀"
        );
    }

    #[test]
    fn each_flaw_is_named() {
        assert_eq!(" \t".parse::<Title>(), Err(InvalidText::Blank));
        assert_eq!("á".repeat(121).parse::<Title>(), Err(InvalidText::TooLong { max: 120 }));
        assert_eq!("a\u{0}b".parse::<Title>(), Err(InvalidText::ControlCharacter));
        assert!("á".repeat(120).parse::<Title>().is_ok());
    }
}
