//! `POST /console/dead-letters/redrive`

use axum::{Extension, Form, extract::State, response::Redirect};
use serde::Deserialize;

use crate::{notice::Notice, refusal::Refusal, session::Operator, state::AppState};

#[derive(Deserialize)]
pub struct Choice {
    /// A ticked box; browsers send nothing for one that is not.
    retry_failed: Option<String>,
}

pub async fn redrive(
    State(app): State<AppState>,
    Extension(operator): Extension<Operator>,
    Form(choice): Form<Choice>,
) -> Result<Redirect, Refusal> {
    let retry_failed = choice.retry_failed.is_some();
    let done = app.operations.redrive(retry_failed).await?;
    tracing::info!(
        operator = %operator.id,
        role = %operator.role,
        retry_failed,
        moved = done.moved,
        retried = done.retried,
        failed = done.failed,
        poison = done.poison,
        "dead letters redriven"
    );
    Ok(Notice::redriven(&done).at("/console/dead-letters"))
}
