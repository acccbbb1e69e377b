//! `POST /videos/{id}/vote`: the form that casts or withdraws a vote.

use anb_domain::{PlayerId, VideoId, vote_review::Footprint};
use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;

use super::{frame::Frame, notice, notice::Notice, way_back};
use crate::{
    Application, Routes,
    api::public::vote::VoteError,
    extract::VideoPath,
    footprint::SentFrom,
    measure,
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/videos/{id}/vote", back).post("/videos/{id}/vote", vote)
}

#[derive(Deserialize)]
pub struct Ballot {
    action: Action,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Cast,
    Withdraw,
}

/// Whoever reloads, or comes here by hand.
async fn back(VideoPath(id): VideoPath) -> Redirect {
    Redirect::to(&format!("/videos/{id}"))
}

/// Leads back to the video, which says what has become of it.
pub async fn vote(
    State(app): State<AppState>,
    frame: Frame,
    SentFrom(from): SentFrom,
    VideoPath(id): VideoPath,
    Form(Ballot { action }): Form<Ballot>,
) -> Result<Redirect, Problem> {
    let back = format!("/videos/{id}");
    let Some(viewer) = &frame.viewer else {
        return Ok(Redirect::to(&way_back::through("/sign-in", &back)));
    };
    match count(&app, viewer.id, id, action, &from).await.map_err(Problem::from) {
        Ok(notice) => Ok(notice.at(&back)),
        Err(problem) if is_answer(problem.code) => {
            measure::vote_refused(problem.code);
            Ok(notice::refused(problem.code, &back))
        }
        Err(problem) => Err(problem),
    }
}

/// What the voter can do nothing about here is told at the video; the rest has
/// a page of its own.
fn is_answer(code: Code) -> bool {
    matches!(
        code,
        Code::AlreadyVoted
            | Code::NotVoted
            | Code::VoteStruck
            | Code::OwnVideo
            | Code::VotingClosed
            | Code::TooManyRequests
    )
}

async fn count(
    app: &AppState,
    voter: PlayerId,
    video: VideoId,
    action: Action,
    from: &Footprint,
) -> Result<Notice, VoteError> {
    app.limits.votes.check(&voter)?;
    let window = &app.contest.now().voting;
    match action {
        Action::Cast => app.store.cast_vote(video, voter, window, from).await?,
        Action::Withdraw => app.store.withdraw_vote(video, voter, window).await?,
    };
    Ok(match action {
        Action::Cast => {
            measure::vote_cast();
            Notice::Voted
        }
        Action::Withdraw => {
            measure::vote_withdrawn();
            Notice::Withdrawn
        }
    })
}
