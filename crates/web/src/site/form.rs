//! A form that is shown again: what was wrong with it, field by field.

use anb_domain::Language;

use crate::problem::{FieldProblem, Sentence};

/// What is wrong with the fields of a form, in the language of the page.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    #[must_use]
    pub fn new(errors: &[FieldProblem], language: Language) -> Self {
        let told = |error: &FieldProblem| {
            (error.field.clone().into_owned(), as_sentence(error.message.text(language)))
        };
        Self(errors.iter().map(told).collect())
    }

    /// One field, and what is wrong with it.
    #[must_use]
    pub fn of(field: &'static str, message: Sentence, language: Language) -> Self {
        Self::new(&[FieldProblem::new(field, message)], language)
    }

    /// What is wrong with this field; empty when nothing is.
    #[must_use]
    pub fn at(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, message)| message)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What clients of the API read behind the name of a field stands by itself
/// beneath the field: "is required" → "Is required."
fn as_sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase).into_iter().flatten();
    let sentence: String = first.chain(chars).collect();
    if sentence.ends_with('.') { sentence } else { sentence + "." }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_its_own_sentence() {
        let errors = [
            FieldProblem::new("email", Sentence::required()),
            FieldProblem::new("city", Sentence::new("Ya está.", "Done.")),
        ];
        let told = FieldErrors::new(&errors, Language::Es);
        assert_eq!((told.at("email"), told.at("city")), ("Es obligatorio.", "Ya está."));
        assert_eq!(told.at("country"), "");
    }
}
