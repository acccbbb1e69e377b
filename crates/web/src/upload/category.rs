//! What a video competes in, where the contest asks for it.

use anb_config::Category;
use thiserror::Error;

use crate::{
    problem::{Code, FieldProblem, Problem, Sentence},
    state::AppState,
};

/// Missing, or none of the contest's.
#[derive(Debug, Error)]
#[error("the video names none of the contest's categories")]
pub struct InvalidCategory(Sentence);

impl From<InvalidCategory> for Problem {
    fn from(InvalidCategory(message): InvalidCategory) -> Self {
        Self::new(Code::InvalidCategory).about(vec![FieldProblem::new("category", message)])
    }
}

/// The category of an upload: one of the contest's, or none where it has none.
pub fn check(app: &AppState, typed: Option<&str>) -> Result<Option<String>, InvalidCategory> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let categories = app.categories();
    match typed {
        None if categories.is_empty() => Ok(None),
        None => Err(InvalidCategory(Sentence::required())),
        Some(typed) => categories
            .iter()
            .find(|category| category.id == typed)
            .map(|category| Some(category.id.clone()))
            .ok_or_else(|| InvalidCategory(expected(&categories))),
    }
}

fn expected(categories: &[Category]) -> Sentence {
    if categories.is_empty() {
        let (es, en) = ("el concurso no tiene categorías", "the contest has no categories");
        return Sentence::new(es, en);
    }
    let ids: Vec<_> = categories.iter().map(|category| category.id.as_str()).collect();
    let ids = ids.join(", ");
    Sentence::with_figures(format!("debe ser una de: {ids}"), format!("must be one of: {ids}"))
}
