//! `GET /api/videos/{id}`

use axum::{Json, extract::State};

use super::{OwnVideoError, VideoView, own_video};
use crate::{auth::CurrentPlayer, extract::VideoPath, request::RequestContext, state::AppState};

/// Shows one of the player's own videos.
#[utoipa::path(
    get, path = "/api/videos/{id}", tag = "videos", operation_id = "show_video",
    params(("id" = uuid::Uuid, Path, description = "The video")), security(("bearer" = [])),
    responses((status = OK, description = "The video", body = VideoView), OwnVideoError),
)]
pub async fn show(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
    VideoPath(id): VideoPath,
) -> Result<Json<VideoView>, OwnVideoError> {
    let video = own_video(&app, id, player.id).await?;
    Ok(Json(VideoView::new(&app, video, context.language).await?))
}
