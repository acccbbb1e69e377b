//! `POST /console/videos/{id}/retry`

use anb_store::RetryError;
use axum::{extract::State, response::Redirect};

use crate::{
    Application, Routes,
    notice::Notice,
    refusal::{Reason, Refusal},
    session::Operator,
    state::AppState,
    video_path::VideoPath,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/videos/{id}/retry", retry)
}

async fn retry(
    State(app): State<AppState>,
    operator: Operator,
    VideoPath(id): VideoPath,
) -> Result<Redirect, Refusal> {
    let notice = match app.operations.retry(id).await {
        Ok(_) => {
            tracing::info!(operator = %operator.id, role = %operator.role, "video retried");
            Notice::RETRIED
        }
        Err(RetryError::NotFailed(_)) => Notice::NOT_FAILED,
        Err(RetryError::NotFound) => return Err(Refusal::new(Reason::NotFound)),
        Err(RetryError::Store(error)) => return Err(Refusal::internal(error)),
    };
    Ok(notice.at("/console/videos"))
}
