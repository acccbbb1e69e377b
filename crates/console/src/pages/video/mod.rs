//! `/console/videos/{id}`: the whole life of one video.

mod deed;
pub mod media;
mod now;
mod timeline;

use std::time::Duration;

use anb_domain::VideoId;
use anb_store::Video;
use askama::Template;
use axum::{extract::State, response::Response};
use http::header;

use self::{media::Media, now::Life};
use crate::{
    Application, Routes,
    frame::{Frame, page},
    live::{Live, Part, Watcher},
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/videos/{id}", show)
        .get("/console/videos/{id}/events", events)
        .post("/console/videos/{id}/cancel", deed::cancel)
        .post("/console/videos/{id}/reprocess", deed::reprocess)
        .post("/console/videos/{id}/retry", deed::retry)
}

#[derive(Template)]
#[template(path = "video/page.html")]
struct VideoPage {
    frame: Frame,
    video: Video,
    now: String,
    media: String,
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    VideoPath(id): VideoPath,
) -> Result<Response, Refusal> {
    let (life, media) = look(&app, id).await?;
    let template =
        VideoPage { now: life.html(&frame)?, media: media.html(&frame)?, video: life.video, frame };
    let mut response = page(&template.frame, &template)?;
    // Pictures and videos come from where objects are kept.
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, media.policy());
    Ok(response)
}

async fn look(app: &AppState, id: VideoId) -> Result<(Life, Media), Refusal> {
    let life = Life::of(app, id).await.map_err(Refusal::internal)?;
    let life = life.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let media = Media::of(app, &life.video).await.map_err(Refusal::internal)?;
    Ok((life, media))
}

async fn events(watcher: Watcher, VideoPath(id): VideoPath) -> Response {
    watcher.follow(OneVideo(id))
}

struct OneVideo(VideoId);

impl Live for OneVideo {
    const EVERY: Duration = Duration::from_secs(1);

    async fn parts(&self, app: &AppState, frame: &Frame) -> Result<Vec<Part>, Refusal> {
        let (life, media) = look(app, self.0).await?;
        Ok(vec![Part::new("now", life.html(frame)?), media.part(frame)?])
    }
}
