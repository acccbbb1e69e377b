//! `GET /api/auth/me` and `DELETE /api/auth/me`

use anb_store::StoreError;
use axum::{Json, extract::State};
use http::StatusCode;
use thiserror::Error;

use super::Profile;
use crate::{
    auth::{CurrentPlayer, Unauthenticated},
    problem::{Problem, answers},
    state::AppState,
};

/// Shows who the access token belongs to.
#[utoipa::path(
    get, path = "/api/auth/me", tag = "auth", operation_id = "me", security(("bearer" = [])),
    responses((status = OK, description = "The player", body = Profile), Unauthenticated),
)]
pub async fn show(CurrentPlayer(player): CurrentPlayer) -> Json<Profile> {
    Json(player.into())
}

#[derive(Debug, Error)]
pub enum LeaveError {
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LeaveError> for Problem {
    fn from(LeaveError::Store(error): LeaveError) -> Self {
        Self::internal(error)
    }
}

answers!(LeaveError: Unauthenticated, Internal);

/// Deletes the account: its votes are withdrawn and its videos removed, with
/// all their files.
#[utoipa::path(
    delete, path = "/api/auth/me", tag = "auth", operation_id = "delete_me",
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Gone"), LeaveError),
)]
pub async fn delete(
    State(app): State<AppState>,
    player: CurrentPlayer,
) -> Result<StatusCode, LeaveError> {
    app.store.delete_player(player.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
