//! `/me/videos/{id}/delete`: asks first.

use anb_domain::VideoStatus;
use anb_store::Video;
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    frame::{Frame, page_with_status},
    notice::Notice,
    session::Member,
};
use crate::{
    Application, Routes,
    api::videos::{
        delete::{DeleteError, delete_own},
        own_video,
    },
    extract::VideoPath,
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/me/videos/{id}/delete", confirm)
        .post("/me/videos/{id}/delete", delete)
}

#[derive(Template)]
#[template(path = "delete_video.html")]
struct DeleteVideoPage<'a> {
    frame: &'a Frame,
    video: &'a Video,
    /// Why it stays.
    refusal: Option<String>,
}

async fn confirm(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
    VideoPath(id): VideoPath,
) -> Result<Response, Problem> {
    let video = own_video(&app, id, player.id).await?;
    let stays = video.status == VideoStatus::Completed && video.votes > 0;
    shown(StatusCode::OK, &frame, &video, stays)
}

async fn delete(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
    VideoPath(id): VideoPath,
) -> Result<Response, Problem> {
    match delete_own(&app, id, player.id).await {
        Ok(()) => Ok(Notice::Deleted.at("/me/videos").into_response()),
        Err(DeleteError::HasVotes) => {
            let video = own_video(&app, id, player.id).await?;
            shown(Code::HasVotes.status(), &frame, &video, true)
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(
    status: StatusCode,
    frame: &Frame,
    video: &Video,
    stays: bool,
) -> Result<Response, Problem> {
    let sentence = || Code::HasVotes.detail().text(frame.language).to_owned();
    let refusal = stays.then(sentence);
    page_with_status(status, frame, &DeleteVideoPage { frame, video, refusal })
}
