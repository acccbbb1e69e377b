//! `POST /console/videos/{id}/cancel`: stops the try that runs.

use anb_domain::AttemptNo;
use anb_store::{CancelError, Cancelled};
use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;

use crate::{
    Application, Routes,
    actor::By,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/videos/{id}/cancel", cancel)
}

#[derive(Deserialize)]
struct Which {
    /// The try that was shown: another one is not meant.
    attempt: u32,
}

async fn cancel(
    State(app): State<AppState>,
    By(actor): By,
    VideoPath(id): VideoPath,
    Form(which): Form<Which>,
) -> Result<Redirect, Refusal> {
    let attempt = AttemptNo(which.attempt);
    let notice = match app.operations.store.cancel_attempt(id, attempt, &actor).await {
        Ok(end) => {
            tracing::info!(attempt = attempt.0, "attempt cancelled");
            if end == Cancelled::Failed { Notice::CANCELLED } else { Notice::CANCELLED_KEPT }
        }
        Err(CancelError::NotRunning) => Notice::NOT_RUNNING,
        Err(CancelError::NotFound) => return Err(Refusal::new(Reason::NotFound)),
        Err(CancelError::Store(error)) => return Err(Refusal::internal(error)),
    };
    Ok(notice.at(&format!("/console/videos/{id}")))
}
