//! `/me`: one's own account, and the way out of it.

use anb_store::{Player, Video};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::{
    frame::{Frame, page},
    notice::Notice,
    session::{self, Member},
};
use crate::{Application, Routes, problem::Problem, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/me", account)
        .get("/me/delete", confirm)
        .post("/me/delete", delete)
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    frame: &'a Frame,
    player: &'a Player,
    tally: Tally,
}

#[derive(Template)]
#[template(path = "account_delete.html")]
struct DeleteAccountPage<'a> {
    frame: &'a Frame,
    tally: Tally,
}

/// What a player has at stake.
struct Tally {
    videos: u64,
    published: u64,
    votes: u64,
}

impl Tally {
    fn of(videos: &[Video]) -> Self {
        let published = || videos.iter().filter(|video| video.is_public());
        Self {
            videos: videos.len() as u64,
            published: published().count() as u64,
            votes: published().map(|video| video.votes).sum(),
        }
    }
}

async fn tally(app: &AppState, player: &Player) -> Result<Tally, Problem> {
    let videos = app.store.videos_of(player.id).await.map_err(Problem::internal)?;
    Ok(Tally::of(&videos))
}

async fn account(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
) -> Result<Response, Problem> {
    let tally = tally(&app, &player).await?;
    page(&frame, &AccountPage { frame: &frame, player: &player, tally })
}

async fn confirm(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
) -> Result<Response, Problem> {
    let tally = tally(&app, &player).await?;
    page(&frame, &DeleteAccountPage { frame: &frame, tally })
}

async fn delete(State(app): State<AppState>, Member(player): Member) -> Result<Response, Problem> {
    app.store.delete_player(player.id).await.map_err(Problem::internal)?;
    let forgotten = [(header::SET_COOKIE, session::end(&app))];
    Ok((forgotten, Notice::AccountDeleted.at("/")).into_response())
}
