//! `/console/videos/{id}/votes`: all votes for one video, whether suspected or
//! not.

use anb_domain::VideoId;
use anb_store::Video;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    form::{Decision, InAddress},
    judged,
    table::{Table, Wanted},
};
use crate::{
    actor::By,
    frame::{Frame, page, page_with_status},
    refusal::{Reason, Refusal},
    state::AppState,
    video_path::VideoPath,
};

#[derive(Template)]
#[template(path = "votes/video.html")]
struct VotesPage {
    frame: Frame,
    video: Video,
    votes: Table,
    cast: u64,
}

pub(super) async fn show(
    State(app): State<AppState>,
    frame: Frame,
    VideoPath(id): VideoPath,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let template = votes_page(&app, frame, id, &wanted).await?;
    page(&template.frame, &template)
}

/// Only the chosen votes: nobody strikes all votes for a video at once.
pub(super) async fn judge(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    VideoPath(id): VideoPath,
    InAddress(ruling): InAddress,
    decision: Decision,
) -> Result<Response, Refusal> {
    let chosen = decision.chosen.iter().copied().filter(|(video, _)| *video == id).collect();
    let decision = Decision { all: false, chosen, ..decision };
    if let Some(missing) = decision.missing() {
        let mut page = votes_page(&app, frame, id, &Wanted::FIRST).await?;
        page.votes.ask_again(missing.message(), decision.reason);
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
    wanted: &Wanted,
) -> Result<VotesPage, Refusal> {
    let (store, paging) = (&app.operations.store, wanted.paging());
    let video = store.video(id).await.map_err(Refusal::internal)?;
    let video = video.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let found = store.votes_for(id, paging.length, paging.skipped()).await;
    let found = found.map_err(Refusal::internal)?;
    let votes = Table::of(found.items, found.total, paging);
    Ok(VotesPage { frame, video, votes, cast: found.total })
}
