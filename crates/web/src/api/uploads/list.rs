//! `GET /api/uploads`

use anb_store::{PartUpload, StoreError};
use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::CurrentPlayer,
    problem::{Problem, answers},
    state::AppState,
};

/// An upload that can be resumed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenUploadView {
    upload_id: Uuid,
    #[schema(example = "Triple desde el logo")]
    title: String,
    /// Bytes of the whole file.
    #[schema(example = 20_000_000)]
    size: u64,
    /// When it is given up, unless it is complete by then.
    expires_at: DateTime<Utc>,
}

impl From<PartUpload> for OpenUploadView {
    fn from(upload: PartUpload) -> Self {
        Self {
            upload_id: upload.video.0,
            title: upload.title.into_string(),
            size: upload.size_bytes,
            expires_at: upload.expires_at,
        }
    }
}

#[derive(Debug, Error)]
pub enum ListUploadsError {
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ListUploadsError> for Problem {
    fn from(error: ListUploadsError) -> Self {
        match error {
            ListUploadsError::Store(error) => Self::internal(error),
        }
    }
}

answers!(ListUploadsError: Unauthenticated, Internal);

/// Lists the player's open uploads in parts, newest first.
#[utoipa::path(
    get, path = "/api/uploads", tag = "uploads", operation_id = "list_uploads",
    security(("bearer" = [])),
    responses(
        (status = OK, description = "The uploads", body = Vec<OpenUploadView>),
        ListUploadsError,
    ),
)]
pub async fn list(
    State(app): State<AppState>,
    player: CurrentPlayer,
) -> Result<Json<Vec<OpenUploadView>>, ListUploadsError> {
    let uploads = app.store.part_uploads_of(player.id).await?;
    // One that storage never began cannot be resumed.
    let begun = uploads.into_iter().filter(|upload| upload.token.is_some());
    Ok(Json(begun.map(Into::into).collect()))
}
