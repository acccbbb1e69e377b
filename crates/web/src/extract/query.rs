//! Parameters of an address.

use std::{collections::HashMap, ops::RangeInclusive, str::FromStr};

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use thiserror::Error;

use crate::problem::{Code, FieldProblem, Problem, Sentence, answers};

/// Some parameters are not valid.
#[derive(Debug, Error)]
#[error("{} parameters are not valid", .0.len())]
pub struct InvalidQuery(pub Vec<FieldProblem>);

impl From<InvalidQuery> for Problem {
    fn from(InvalidQuery(errors): InvalidQuery) -> Self {
        Self::new(Code::InvalidQuery).about(errors)
    }
}

answers!(InvalidQuery: InvalidQuery);

/// Parameters as they came; each is taken out once, and what is wrong with
/// them is collected.
pub struct Parameters {
    values: HashMap<String, String>,
    errors: Vec<FieldProblem>,
}

impl Parameters {
    /// Longest text that is searched for.
    const MAX_CHARS: usize = 120;

    /// A whole number within `range`.
    pub fn number(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let text = self.values.remove(name)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.or_else(|| {
            let (from, to) = range.into_inner();
            self.refuse(
                name,
                Sentence::with_figures(
                    format!("debe ser un número entero de {from} a {to}"),
                    format!("must be a whole number from {from} to {to}"),
                ),
            )
        })
    }

    /// A text to search for; blank counts as absent.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        let text = self.values.remove(name)?.trim().to_owned();
        if text.chars().count() > Self::MAX_CHARS || text.chars().any(char::is_control) {
            let message = Sentence::with_figures(
                format!("debe tener como mucho {} caracteres, ninguno de control", Self::MAX_CHARS),
                format!("must have at most {} characters, none of control", Self::MAX_CHARS),
            );
            return self.refuse(name, message);
        }
        (!text.is_empty()).then_some(text)
    }

    /// Anything else that parses, or else what it should be.
    pub fn parse<T: FromStr>(&mut self, name: &'static str, expected: Sentence) -> Option<T> {
        let text = self.values.remove(name)?;
        text.parse().ok().or_else(|| self.refuse(name, expected))
    }

    pub fn refuse<T>(&mut self, name: &'static str, message: Sentence) -> Option<T> {
        self.errors.push(FieldProblem::new(name, message));
        None
    }

    /// Whether all that was taken out was valid. Names we do not know are
    /// ignored: trackers add theirs to every link.
    pub fn finish(self) -> Result<(), InvalidQuery> {
        if self.errors.is_empty() { Ok(()) } else { Err(InvalidQuery(self.errors)) }
    }
}

/// What a set of parameters means.
pub trait FromParameters: Sized {
    fn from_parameters(parameters: &mut Parameters) -> Self;
}

/// Extracts checked parameters.
#[derive(Debug, Clone)]
pub struct ApiQuery<T>(pub T);

impl<S: Sync, T: FromParameters> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = InvalidQuery;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Query(values) =
            Query::try_from_uri(&parts.uri).map_err(|_| InvalidQuery(Vec::new()))?;
        let mut parameters = Parameters { values, errors: Vec::new() };
        let meaning = T::from_parameters(&mut parameters);
        parameters.finish()?;
        Ok(Self(meaning))
    }
}
