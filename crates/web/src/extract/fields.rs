//! Checks the fields of a body one by one, so that a form gets all its errors
//! at once.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

use crate::problem::{Code, FieldProblem, Problem, Sentence};

/// A field as it came, whatever it is: only the check judges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Raw {
    #[default]
    Missing,
    Text(String),
    Whole(u64),
    Other,
}

impl Raw {
    /// The text as it came; empty when it is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self::Text(text),
            Value::Null => Self::Missing,
            Value::Number(number) => number.as_u64().map_or(Self::Other, Self::Whole),
            _ => Self::Other,
        })
    }
}

/// Some fields are missing or malformed.
#[derive(Debug, Error)]
#[error("{} fields are missing or malformed", .0.len())]
pub struct InvalidFields(pub Vec<FieldProblem>);

impl From<InvalidFields> for Problem {
    fn from(InvalidFields(errors): InvalidFields) -> Self {
        Self::new(Code::ValidationFailed).about(errors)
    }
}

/// Collects what is wrong.
#[derive(Default)]
pub struct Fields(Vec<FieldProblem>);

impl Fields {
    /// A text that must be there and parse as `T`.
    pub fn parse<T>(&mut self, name: &'static str, raw: Raw) -> Option<T>
    where
        T: FromStr,
        T::Err: Into<Sentence>,
    {
        let text = self.text(name, raw)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => self.note(name, T::Err::into(error)),
        }
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str, raw: Raw) -> Option<String> {
        match raw {
            Raw::Text(text) => Some(text),
            Raw::Missing => self.note(name, Sentence::required()),
            Raw::Whole(_) | Raw::Other => self.note(name, Sentence::must_be_text()),
        }
    }

    /// A whole number that must be there.
    pub fn whole(&mut self, name: &'static str, raw: &Raw) -> Option<u64> {
        match raw {
            Raw::Whole(number) => Some(*number),
            Raw::Missing => self.note(name, Sentence::required()),
            Raw::Text(_) | Raw::Other => self.note(name, Sentence::must_be_whole()),
        }
    }

    fn note<T>(&mut self, name: &'static str, message: Sentence) -> Option<T> {
        self.0.push(FieldProblem::new(name, message));
        None
    }

    /// What was wrong in all.
    #[must_use]
    pub fn into_error(self) -> InvalidFields {
        InvalidFields(self.0)
    }
}
