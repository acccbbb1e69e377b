//! `/console`: how videos, queue and workers are doing, now and over the last
//! hour, day or week.

mod alerts;
mod charts;
mod events;
mod figures;
mod parts;
mod series;
mod span;
mod states;
mod tiles;

use std::time::Duration;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

pub use figures::Shared;
use parts::Parts;
use span::Span;

use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    span: String,
}

impl Choice {
    fn span(&self) -> Span {
        Span::named(&self.span)
    }
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    span: Span,
    parts: Parts,
}

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console", overview)
        .get("/console/overview/events", events::events)
}

/// Whoever opens the page sees what is so now.
async fn overview(
    State(app): State<AppState>,
    frame: Frame,
    Query(choice): Query<Choice>,
) -> Result<Response, Refusal> {
    let span = choice.span();
    let parts = Parts::of(&app, &frame, span, Duration::ZERO).await?;
    let template = OverviewPage { frame, span, parts };
    page(&template.frame, &template)
}
