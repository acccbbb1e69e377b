//! `POST /console/videos/{id}/retry`, `…/cancel` and `…/reprocess`: what can be
//! done with a video.

use anb_domain::{AttemptNo, VideoId};
use anb_store::{CancelError, Cancelled, ReprocessError, RetryError};
use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;

use crate::{
    actor::By,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

/// Gives it three more tries.
pub async fn retry(
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
    Ok(told(notice, id))
}

#[derive(Deserialize)]
pub struct Which {
    /// The try that was shown: another one is not meant.
    attempt: u32,
}

/// Stops the try that runs.
pub async fn cancel(
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
    Ok(told(notice, id))
}

/// Has the published video made again.
pub async fn reprocess(
    State(app): State<AppState>,
    By(actor): By,
    VideoPath(id): VideoPath,
) -> Result<Redirect, Refusal> {
    let notice = match app.operations.store.reprocess_video(id, &actor).await {
        Ok(_) => {
            tracing::info!("video reprocessed");
            Notice::REPROCESSING_ONE
        }
        Err(ReprocessError::NotFound) => return Err(Refusal::new(Reason::NotFound)),
        Err(ReprocessError::Store(error)) => return Err(Refusal::internal(error)),
        Err(_) => Notice::NOT_REPROCESSED,
    };
    Ok(told(notice, id))
}

/// Back at the video.
fn told(notice: Notice, id: VideoId) -> Redirect {
    notice.at(&format!("/console/videos/{id}"))
}
