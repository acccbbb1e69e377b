//! `GET /api/videos`

use axum::{Json, extract::State};
use futures::future;

use super::{OwnVideoError, VideoView};
use crate::{
    auth::{CurrentPlayer, Unauthenticated},
    request::RequestContext,
    state::AppState,
};

/// Lists the player's own videos, newest first.
#[utoipa::path(
    get, path = "/api/videos", tag = "videos", operation_id = "list_videos",
    security(("bearer" = [])),
    responses((status = OK, description = "The videos", body = Vec<VideoView>), Unauthenticated),
)]
pub async fn list(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
) -> Result<Json<Vec<VideoView>>, OwnVideoError> {
    let videos = app.store.videos_of(player.id).await?;
    let views = videos.into_iter().map(|video| VideoView::new(&app, video, context.language));
    Ok(Json(future::try_join_all(views).await?))
}
