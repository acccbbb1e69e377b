//! `POST /api/uploads/{id}/complete`

use axum::{Json, extract::State};
use http::StatusCode;
use thiserror::Error;

use super::{OwnUpload, OwnUploadError, own_upload};
use crate::{
    api::videos::upload::UploadAccepted,
    auth::CurrentPlayer,
    extract::UploadPath,
    problem::{Code, Problem, answers},
    request::RequestContext,
    state::AppState,
    upload::parts::{self, FinishError},
};

#[derive(Debug, Error)]
pub enum CompleteError {
    #[error(transparent)]
    Upload(#[from] OwnUploadError),
    #[error(transparent)]
    Finish(#[from] FinishError),
}

impl From<CompleteError> for Problem {
    fn from(error: CompleteError) -> Self {
        let error = match error {
            CompleteError::Upload(error) => return error.into(),
            CompleteError::Finish(error) => error,
        };
        match error {
            FinishError::Missing(parts) => Self::new(Code::PartsMissing).lacking(parts),
            FinishError::NotAVideo => Self::new(Code::NotAVideo),
            FinishError::Gone => Self::new(Code::UploadNotFound),
            FinishError::Storage(error) => Self::new(Code::StorageUnavailable).because(error),
            error @ (FinishError::Mismatch { .. }
            | FinishError::Store(_)
            | FinishError::Task(_)) => Self::internal(error),
        }
    }
}

answers!(CompleteError:
    NotAVideo, Unauthenticated, NotOwner, UploadNotFound, PartsMissing, StorageUnavailable,
    Internal);

/// Completes an upload: joins its parts, and accepts the video.
///
/// Once the answer is 201, the video survives whatever happens to us. May be
/// repeated: the answer stays the same.
#[utoipa::path(
    post, path = "/api/uploads/{id}/complete", tag = "uploads", operation_id = "complete_upload",
    params(("id" = uuid::Uuid, Path, description = "The upload")), security(("bearer" = [])),
    responses(
        (status = CREATED, description = "Uploaded", body = UploadAccepted),
        CompleteError,
    ),
)]
pub async fn complete(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
    UploadPath(id): UploadPath,
) -> Result<(StatusCode, Json<UploadAccepted>), CompleteError> {
    let video = match own_upload(&app, id, player.id).await? {
        OwnUpload::Open(upload) => parts::finish(&app, upload, context.traceparent).await?,
        OwnUpload::Completed(video) => video,
    };
    Ok((StatusCode::CREATED, Json(UploadAccepted::new(&video, context.language))))
}
