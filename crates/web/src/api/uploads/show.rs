//! `GET /api/uploads/{id}`

use axum::{Json, extract::State};

use super::{OwnUpload, OwnUploadError, UploadView, own_upload};
use crate::{auth::CurrentPlayer, extract::UploadPath, state::AppState, upload::parts::Arrived};

/// Tells which parts have arrived, with fresh links for those that have not:
/// with this an upload is resumed.
#[utoipa::path(
    get, path = "/api/uploads/{id}", tag = "uploads", operation_id = "show_upload",
    params(("id" = uuid::Uuid, Path, description = "The upload")), security(("bearer" = [])),
    responses((status = OK, description = "The upload", body = UploadView), OwnUploadError),
)]
pub async fn show(
    State(app): State<AppState>,
    player: CurrentPlayer,
    UploadPath(id): UploadPath,
) -> Result<Json<UploadView>, OwnUploadError> {
    let upload = match own_upload(&app, id, player.id).await? {
        OwnUpload::Open(upload) => upload,
        OwnUpload::Completed(video) => return Ok(Json(UploadView::completed(&app, video))),
    };
    match upload.arrived(&app).await? {
        Arrived::Nothing => Err(OwnUploadError::NotFound),
        arrived => Ok(Json(UploadView::open(&app, &upload, &arrived).await?)),
    }
}
