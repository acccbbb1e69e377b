//! `DELETE /api/uploads/{id}`

use axum::extract::State;
use http::StatusCode;
use thiserror::Error;

use super::{OwnUpload, OwnUploadError, own_upload};
use crate::{
    auth::CurrentPlayer,
    extract::UploadPath,
    problem::{Code, Problem, answers},
    state::AppState,
    upload::parts::{self, GiveUpError},
};

#[derive(Debug, Error)]
pub enum GiveUpUploadError {
    #[error("the upload is complete")]
    Completed,
    #[error(transparent)]
    Upload(#[from] OwnUploadError),
    #[error(transparent)]
    GiveUp(GiveUpError),
}

impl From<GiveUpError> for GiveUpUploadError {
    fn from(error: GiveUpError) -> Self {
        match error {
            GiveUpError::Completed => Self::Completed,
            error => Self::GiveUp(error),
        }
    }
}

impl From<GiveUpUploadError> for Problem {
    fn from(error: GiveUpUploadError) -> Self {
        match error {
            GiveUpUploadError::Completed => Self::new(Code::UploadCompleted),
            GiveUpUploadError::Upload(error) => error.into(),
            GiveUpUploadError::GiveUp(GiveUpError::Storage(error)) => {
                Self::new(Code::StorageUnavailable).because(error)
            }
            GiveUpUploadError::GiveUp(error) => Self::internal(error),
        }
    }
}

answers!(GiveUpUploadError:
    Unauthenticated, NotOwner, UploadNotFound, UploadCompleted, StorageUnavailable, Internal);

/// Gives an open upload up, and removes all that has arrived of it.
#[utoipa::path(
    delete, path = "/api/uploads/{id}", tag = "uploads", operation_id = "give_up_upload",
    params(("id" = uuid::Uuid, Path, description = "The upload")), security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Given up"), GiveUpUploadError),
)]
pub async fn give_up(
    State(app): State<AppState>,
    player: CurrentPlayer,
    UploadPath(id): UploadPath,
) -> Result<StatusCode, GiveUpUploadError> {
    match own_upload(&app, id, player.id).await? {
        OwnUpload::Open(upload) => parts::give_up(&app, upload).await?,
        OwnUpload::Completed(_) => return Err(GiveUpUploadError::Completed),
    }
    Ok(StatusCode::NO_CONTENT)
}
