//! What a juror writes for the jury alone.

use std::str::FromStr;

use crate::InvalidText;

/// A text of several lines, perhaps empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comment(String);

impl Comment {
    pub const MAX_CHARS: usize = 2000;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Comment {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        // Forms send lines as CR LF.
        let text: String = text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        if text.chars().count() > Self::MAX_CHARS {
            return Err(InvalidText::TooLong { max: Self::MAX_CHARS });
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_and_control_characters_are_not() {
        let comment: Comment = " Buen ritmo.\r\nLe falta\0 cierre. ".parse().unwrap();
        assert_eq!(comment.as_str(), "Buen ritmo.\nLe falta cierre.");
        assert_eq!("".parse(), Ok(Comment::default()));
        assert!("á".repeat(2000).parse::<Comment>().is_ok());
        assert!("á".repeat(2001).parse::<Comment>().is_err());
    }
}
