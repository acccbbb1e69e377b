//! `DELETE /api/videos/{id}`

use std::time::Duration;

use anb_blob::BlobError;
use anb_domain::{PlayerId, VideoId};
use anb_store::{DeleteVideoError, StoreError};
use axum::{Json, extract::State};
use futures::TryStreamExt as _;
use serde::Serialize;
use thiserror::Error;
use tracing::Instrument as _;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::CurrentPlayer,
    extract::VideoPath,
    problem::{Code, Problem, answers},
    request::RequestContext,
    state::AppState,
};

/// How long an answer waits for the files to be removed.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize, ToSchema)]
pub struct Deleted {
    #[schema(example = "Video deleted.")]
    message: &'static str,
    video_id: Uuid,
}

#[derive(Debug, Error)]
pub enum DeleteError {
    #[error("there is no such video")]
    NotFound,
    #[error("the video belongs to somebody else")]
    NotOwner,
    #[error("the video is published and has votes")]
    HasVotes,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DeleteVideoError> for DeleteError {
    fn from(error: DeleteVideoError) -> Self {
        match error {
            DeleteVideoError::NotFound => Self::NotFound,
            DeleteVideoError::NotOwner => Self::NotOwner,
            DeleteVideoError::HasVotes => Self::HasVotes,
            DeleteVideoError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteError> for Problem {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotFound => Self::new(Code::VideoNotFound),
            DeleteError::NotOwner => Self::new(Code::NotOwner),
            DeleteError::HasVotes => Self::new(Code::HasVotes),
            DeleteError::Store(error) => Self::internal(error),
        }
    }
}

answers!(DeleteError: Unauthenticated, NotOwner, VideoNotFound, HasVotes, Internal);

/// Deletes one of the player's own videos and all its files.
#[utoipa::path(
    delete, path = "/api/videos/{id}", tag = "videos", operation_id = "delete_video",
    params(("id" = Uuid, Path, description = "The video")), security(("bearer" = [])),
    responses((status = OK, description = "Deleted", body = Deleted), DeleteError),
)]
pub async fn delete(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
    VideoPath(id): VideoPath,
) -> Result<Json<Deleted>, DeleteError> {
    delete_own(&app, id, player.id).await?;
    let message = context.language.pick("Vídeo borrado.", "Video deleted.");
    Ok(Json(Deleted { message, video_id: id.0 }))
}

/// Removes a video of this player, and its files.
pub async fn delete_own(app: &AppState, id: VideoId, player: PlayerId) -> Result<(), DeleteError> {
    app.store.delete_video(id, player).await?;
    purge(app.clone(), id).await;
    Ok(())
}

/// Best effort: the tombstone stays until the reconciler has seen that
/// nothing is left. The video is gone already, so nobody waits for storage that
/// takes long.
async fn purge(app: AppState, id: VideoId) {
    let purging = async move {
        if let Err(error) = remove_files(&app, id).await {
            tracing::warn!(%error, "files of a deleted video stay for the reconciler");
        }
    };
    let purging = tokio::spawn(purging.in_current_span());
    tokio::time::timeout(PATIENCE, purging).await.ok();
}

async fn remove_files(app: &AppState, id: VideoId) -> Result<(), BlobError> {
    app.blobs.delete(&app.layout.original(id)).await?;
    let results: Vec<_> = app.blobs.list(&app.layout.results_prefix(id)).try_collect().await?;
    for result in results {
        app.blobs.delete(&result.key).await?;
    }
    Ok(())
}
