//! A colour, as style sheets write it.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Red, green and blue (sRGB), written `#f26b21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

/// The text is no colour.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a colour is written like #f26b21")]
pub struct InvalidColor;

impl Color {
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// So much of another colour in this one: 0 leaves it as it is, 1 is the
    /// other.
    #[must_use]
    pub fn mixed(self, with: Self, share: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes lies a byte"
        )]
        let between = |from: u8, to: u8| {
            (f64::from(from) * (1.0 - share) + f64::from(to) * share).round() as u8
        };
        Self::new(
            between(self.red, with.red),
            between(self.green, with.green),
            between(self.blue, with.blue),
        )
    }
}

impl FromStr for Color {
    type Err = InvalidColor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number.ok_or(InvalidColor)?.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl TryFrom<String> for Color {
    type Error = InvalidColor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

impl JsonSchema for Color {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Color".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_read_and_written_as_in_a_style_sheet() {
        let orange: Color = "#F26b21".parse().unwrap();
        assert_eq!(orange, Color::new(242, 107, 33));
        assert_eq!(orange.to_string(), "#f26b21");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "#", "f26b21", "#f26", "#f26b2x", "#+26b21", "#f26b21;}", "orange"] {
            assert_eq!(text.parse::<Color>(), Err(InvalidColor), "{text}");
        }
    }
}
