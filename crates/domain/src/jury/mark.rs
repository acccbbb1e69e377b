//! Marks that jurors give, and points that are made of them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

/// What a juror gives for one criterion: 0 to 10 in half points. Kept in half
/// points, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Mark(u8);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be between 0 and 10, in half points")]
pub struct InvalidMark;

impl Mark {
    /// Half points of the best mark.
    pub const MOST: u8 = 20;

    /// Every mark there is, from 0 to 10.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=Self::MOST).map(Self)
    }

    #[must_use]
    pub fn half_points(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Mark {
    type Error = InvalidMark;

    fn try_from(half_points: u8) -> Result<Self, InvalidMark> {
        if half_points <= Self::MOST { Ok(Self(half_points)) } else { Err(InvalidMark) }
    }
}

impl From<Mark> for u8 {
    fn from(mark: Mark) -> Self {
        mark.0
    }
}

/// As people type it: `7`, `7.5`, `7,5`.
impl FromStr for Mark {
    type Err = InvalidMark;

    fn from_str(text: &str) -> Result<Self, InvalidMark> {
        let text = text.trim().replace(',', ".");
        let (whole, half) = match text.split_once('.') {
            None => (text.as_str(), 0),
            Some((whole, "0")) => (whole, 0),
            Some((whole, "5")) => (whole, 1),
            Some(_) => return Err(InvalidMark),
        };
        let whole: u8 = whole.parse().map_err(|_| InvalidMark)?;
        whole
            .checked_mul(2)
            .and_then(|doubled| doubled.checked_add(half))
            .map_or(Err(InvalidMark), Self::try_from)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0 / 2;
        if self.0.is_multiple_of(2) { write!(f, "{whole}") } else { write!(f, "{whole}.5") }
    }
}

/// 0 to 10 points, in hundredths: what a jury's mean is rounded to (half up),
/// so that what is shown is what counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Points(u16);

impl Points {
    /// Hundredths of the best score.
    pub const MOST: u16 = 1000;

    /// `numerator` parts of `denominator` of the best score, rounded half up;
    /// 0 where there are no parts.
    pub(super) fn share(numerator: u128, denominator: u128) -> Self {
        let most = u128::from(Self::MOST);
        let rounded = (2 * numerator * most + denominator).checked_div(2 * denominator);
        Self(u16::try_from(rounded.unwrap_or(0)).unwrap_or(Self::MOST).min(Self::MOST))
    }

    #[must_use]
    pub fn hundredths(self) -> u16 {
        self.0
    }

    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// As a number.
impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        for mark in Mark::all() {
            assert_eq!(mark.to_string().parse(), Ok(mark));
        }
        assert_eq!("7,5".parse(), Ok(Mark(15)));
        assert_eq!(" 10.0 ".parse(), Ok(Mark(20)));
    }

    #[test]
    fn what_is_no_mark_is_refused() {
        for text in ["", "10.5", "11", "-1", "7.25", "7.", ".5", "x", "127.5", "300"] {
            assert_eq!(text.parse::<Mark>(), Err(InvalidMark), "{text}");
        }
        assert!(serde_json::from_str::<Mark>("21").is_err());
    }

    #[test]
    fn points_are_rounded_half_up_and_have_two_digits() {
        assert_eq!(Points::share(1, 3).to_string(), "3.33");
        assert_eq!(Points::share(1, 2000).to_string(), "0.01");
        assert_eq!(Points::share(1, 2001).to_string(), "0.00");
        assert_eq!(Points::share(5, 5).to_string(), "10.00");
        assert_eq!(Points::share(0, 0).to_string(), "0.00");
        assert_eq!(serde_json::to_string(&Points(825)).unwrap(), "8.25");
    }
}
