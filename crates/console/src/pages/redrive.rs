//! `POST /console/dead-letters/redrive`: dead letters go back to the queue.

use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;

use crate::{Application, Routes, actor::By, notice::Notice, refusal::Refusal, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/dead-letters/redrive", redrive)
}

#[derive(Deserialize)]
struct Choice {
    /// A ticked box; browsers send nothing for one that is not.
    retry_failed: Option<String>,
}

async fn redrive(
    State(app): State<AppState>,
    By(actor): By,
    Form(choice): Form<Choice>,
) -> Result<Redirect, Refusal> {
    let retry_failed = choice.retry_failed.is_some();
    let done = app.operations.redrive(retry_failed, &actor).await?;
    tracing::info!(
        operator = actor.id.map(tracing::field::display),
        role = actor.role,
        retry_failed,
        moved = done.moved,
        retried = done.retried,
        failed = done.failed,
        poison = done.poison,
        "dead letters redriven"
    );
    let figures = [done.moved, done.retried, done.failed + done.poison];
    Ok(Notice::REDRIVEN.with(&figures, "/console/dead-letters"))
}
