//! `POST /console/videos/{id}/retry`

use anb_store::RetryError;
use axum::{extract::State, response::Redirect};

use crate::{
    Application, Routes,
    actor::By,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/videos/{id}/retry", retry)
}

async fn retry(
    State(app): State<AppState>,
    By(actor): By,
    VideoPath(id): VideoPath,
) -> Result<Redirect, Refusal> {
    let notice = match app.operations.retry(id, &actor).await {
        Ok(_) => {
            let operator = actor.id.map(tracing::field::display);
            tracing::info!(operator, role = actor.role, "video retried");
            Notice::RETRIED
        }
        Err(RetryError::NotFailed(_)) => Notice::NOT_FAILED,
        Err(RetryError::NotFound) => return Err(Refusal::new(Reason::NotFound)),
        Err(RetryError::Store(error)) => return Err(Refusal::internal(error)),
    };
    Ok(notice.at(&format!("/console/videos/{id}")))
}
