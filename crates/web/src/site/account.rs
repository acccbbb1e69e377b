//! `/me`: one's own account.

use anb_store::{Player, Video};
use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    frame::{Frame, page},
    session::Member,
};
use crate::{Application, Routes, problem::Problem, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/me", account)
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    frame: &'a Frame,
    player: &'a Player,
    tally: Tally,
}

/// What a player has at stake.
pub struct Tally {
    pub videos: u64,
    pub published: u64,
    pub votes: u64,
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

pub async fn tally(app: &AppState, player: &Player) -> Result<Tally, Problem> {
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
