//! `GET /api/public/videos/{id}`

use anb_blob::BlobError;
use anb_store::StoreError;
use axum::{Json, extract::State};
use thiserror::Error;

use super::PublicVideoView;
use crate::{
    extract::VideoPath,
    problem::{Code, Problem, answers},
    state::AppState,
};

#[derive(Debug, Error)]
pub enum ShowError {
    #[error("there is no such published video")]
    NotFound,
    #[error(transparent)]
    Link(#[from] BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ShowError> for Problem {
    fn from(error: ShowError) -> Self {
        match error {
            ShowError::NotFound => Self::new(Code::VideoNotFound),
            ShowError::Link(error) => Self::internal(error),
            ShowError::Store(error) => Self::internal(error),
        }
    }
}

answers!(ShowError: VideoNotFound, Internal);

/// Shows a published video.
#[utoipa::path(
    get, path = "/api/public/videos/{id}", tag = "public", operation_id = "show_public_video",
    params(("id" = uuid::Uuid, Path, description = "The video")),
    responses((status = OK, description = "The video", body = PublicVideoView), ShowError),
)]
pub async fn show(
    State(app): State<AppState>,
    VideoPath(id): VideoPath,
) -> Result<Json<PublicVideoView>, ShowError> {
    let video = app.store.public_video(id).await?.ok_or(ShowError::NotFound)?;
    Ok(Json(PublicVideoView::new(&app, video).await?))
}
