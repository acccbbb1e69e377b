//! `/console/videos/{id}`: the whole life of one video.

pub mod media;
mod now;
mod timeline;

use std::sync::Arc;

use anb_store::Video;
use askama::Template;
use axum::{extract::State, response::Response};
use http::{HeaderMap, header};

use self::{media::Media, now::Life};
use crate::{
    Application, Routes,
    frame::{Frame, page},
    live::{self, Part, Watcher},
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/videos/{id}", show)
        .get("/console/videos/{id}/events", events)
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
    let life = Life::of(&app, id).await.map_err(Refusal::internal)?;
    let life = life.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let media = Media::of(&app, &life.video).await.map_err(Refusal::internal)?;
    let template =
        VideoPage { now: life.html(&frame)?, media: media.html(&frame)?, video: life.video, frame };
    let mut response = page(&template.frame, &template)?;
    // Pictures and videos come from where objects are kept.
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, media.policy());
    Ok(response)
}

async fn events(
    State(app): State<AppState>,
    headers: HeaderMap,
    frame: Frame,
    VideoPath(id): VideoPath,
) -> Response {
    let (frame, own) = (Arc::new(frame), app.clone());
    let watcher = Watcher { app, headers, path: "/console/videos/{id}/events" };
    live::follow(watcher, move || {
        let (app, frame) = (own.clone(), frame.clone());
        async move {
            let life = Life::of(&app, id).await.ok()??;
            let media = Media::of(&app, &life.video).await.ok()?;
            let now = Part::new("now", life.html(&frame).ok()?);
            Some(vec![now, media.part(&frame).ok()?])
        }
    })
}
