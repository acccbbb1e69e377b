//! `/console/overview/events`: what is new on the page, for as long as somebody
//! looks at it.

use std::time::Duration;

use axum::{extract::Query, response::Response};

use super::{Choice, parts::Parts, span::Span};
use crate::{
    frame::Frame,
    live::{Live, Part, Watcher},
    refusal::Refusal,
    state::AppState,
};

/// What others who look have been told a moment ago is told again.
const MAX_AGE: Duration = Duration::from_secs(4);

pub async fn events(watcher: Watcher, Query(choice): Query<Choice>) -> Response {
    watcher.follow(Overview(choice.span()))
}

struct Overview(Span);

impl Live for Overview {
    const EVERY: Duration = Duration::from_secs(5);

    async fn parts(&self, app: &AppState, frame: &Frame) -> Result<Vec<Part>, Refusal> {
        Ok(Parts::of(app, frame, self.0, MAX_AGE).await?.all())
    }
}
