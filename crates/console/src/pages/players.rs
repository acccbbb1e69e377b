//! `/console/players`: who takes part.

mod account;
mod export;
mod player;

use anb_domain::PlayerId;
use anb_store::Player;
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use url::form_urlencoded;

use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::{Reason, Refusal},
    state::AppState,
    words,
};

const PATH: &str = "/console/players";

const PER_PAGE: u64 = 50;

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get(PATH, list)
        .get("/console/players/{id}", player::show)
        .post("/console/players/{id}/erase", account::erase)
        .post("/console/players/{id}/export", export::export)
        .post("/console/players/{id}/role", account::change_role)
        .post("/console/players/{id}/sessions", account::revoke)
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
    page: Option<u64>,
}

#[derive(Template)]
#[template(path = "players.html")]
struct PlayersPage {
    frame: Frame,
    q: String,
    players: Vec<Player>,
    total: u64,
    newer: Option<String>,
    older: Option<String>,
}

impl PlayersPage {
    fn role(player: &Player) -> &'static str {
        words::role(player.role)
    }
}

async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(Wanted { q, page: number }): Query<Wanted>,
) -> Result<Response, Refusal> {
    let number = number.unwrap_or(1).clamp(1, 100_000);
    let skipped = (number - 1) * PER_PAGE;
    let found = app.operations.store.find_players(&q, PER_PAGE, skipped).await;
    let found = found.map_err(Refusal::internal)?;
    let more = skipped + (found.items.len() as u64) < found.total && !found.items.is_empty();
    let template = PlayersPage {
        newer: (number > 1).then(|| address(&q, number - 1)),
        older: more.then(|| address(&q, number + 1)),
        players: found.items,
        total: found.total,
        q,
        frame,
    };
    page(&template.frame, &template)
}

fn address(q: &str, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", q).append_pair("page", &page.to_string());
    format!("{PATH}?{}", query.finish())
}

/// The player that the path names.
async fn named(app: &AppState, Path(id): Path<String>) -> Result<Player, Refusal> {
    let nobody = || Refusal::new(Reason::NotFound);
    let id = id.parse().map(PlayerId).map_err(|_| nobody())?;
    let found = app.operations.store.player(id).await.map_err(Refusal::internal)?;
    found.ok_or_else(nobody)
}
