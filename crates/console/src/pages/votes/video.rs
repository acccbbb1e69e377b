//! `/console/videos/{id}/votes`: all votes for one video, whether suspected or
//! not.

use anb_domain::VideoId;
use anb_store::{Ruling, Video};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{LAST_PAGE, PER_PAGE, form::Decision, judged, vote::Row};
use crate::{
    actor::By,
    frame::{Frame, page_with_status},
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

#[derive(Template)]
#[template(path = "votes/video.html")]
struct VotesPage {
    frame: Frame,
    video: Video,
    rows: Vec<Row>,
    /// They are all for this one.
    with_video: bool,
    number: u64,
    more: bool,
    cast: u64,
    fault: Option<&'static str>,
    reason: String,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    page: Option<u64>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    frame: Frame,
    VideoPath(id): VideoPath,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let number = wanted.page.unwrap_or(1).clamp(1, LAST_PAGE);
    let template = votes_page(&app, frame, id, number).await?;
    page_with_status(StatusCode::OK, &template.frame, &template)
}

pub(super) async fn strike(
    app: State<AppState>,
    by: By,
    frame: Frame,
    id: VideoPath,
    decision: Decision,
) -> Result<Response, Refusal> {
    judge(app, by, frame, id, decision, Ruling::Strike).await
}

pub(super) async fn restore(
    app: State<AppState>,
    by: By,
    frame: Frame,
    id: VideoPath,
    decision: Decision,
) -> Result<Response, Refusal> {
    judge(app, by, frame, id, decision, Ruling::Restore).await
}

/// Only the chosen votes: nobody strikes all votes for a video at once.
async fn judge(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    VideoPath(id): VideoPath,
    decision: Decision,
    ruling: Ruling,
) -> Result<Response, Refusal> {
    let chosen = decision.chosen.iter().copied().filter(|(video, _)| *video == id).collect();
    let decision = Decision { all: false, chosen, ..decision };
    if let Some(missing) = decision.missing() {
        let page = votes_page(&app, frame, id, 1).await?;
        let page = VotesPage { fault: Some(missing.message()), reason: decision.reason, ..page };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page.frame, &page);
    }
    let store = &app.operations.store;
    let done = store.judge_votes(&actor, ruling, &decision.chosen, None, &decision.reason).await;
    let votes = done.map_err(Refusal::internal)?.votes;
    Ok(judged(ruling, votes, &format!("/console/videos/{id}/votes")).into_response())
}

async fn votes_page(
    app: &AppState,
    frame: Frame,
    id: VideoId,
    number: u64,
) -> Result<VotesPage, Refusal> {
    let store = &app.operations.store;
    let video = store.video(id).await.map_err(Refusal::internal)?;
    let video = video.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let skipped = (number - 1) * PER_PAGE;
    let found = store.votes_for(id, PER_PAGE, skipped).await.map_err(Refusal::internal)?;
    let rows: Vec<_> = found.items.into_iter().map(Row::from).collect();
    let more = skipped + (rows.len() as u64) < found.total;
    Ok(VotesPage {
        frame,
        video,
        rows,
        with_video: false,
        number,
        more,
        cast: found.total,
        fault: None,
        reason: String::new(),
    })
}
