//! `/players/{id}`: what everybody may know of a player.

use anb_domain::PlayerId;
use anb_store::{Player, PlayerStanding, PublicFilter, Sort};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    card::Card,
    filters::all_from,
    frame::{Frame, page},
    spread::{self, Place, Spread},
};
use crate::{
    Application, Routes,
    problem::{Code, Problem},
    state::AppState,
};

const PER_PAGE: u64 = 24;

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/players/{id}", profile)
}

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfilePage<'a> {
    frame: &'a Frame,
    player: &'a Player,
    /// `None`: nothing is published yet.
    standing: Option<PlayerStanding>,
    cards: Vec<Card>,
    total: u64,
    previous: Option<String>,
    next: Option<String>,
}

/// Whoever has published nothing is nobody's business but their own.
pub async fn profile(
    State(app): State<AppState>,
    frame: Frame,
    Path(id): Path<String>,
    place: Place,
) -> Result<Response, Problem> {
    let id: PlayerId = id.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let found = app.store.player(id).await.map_err(Problem::internal)?;
    let player = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    let standing = app.standing_of(&player).await?;
    if standing.is_none() && !frame.is_viewer(&id) {
        return Err(Problem::new(Code::NotFound));
    }
    let filter = PublicFilter {
        player: Some(id),
        sort: Sort::Votes,
        limit: PER_PAGE,
        ..PublicFilter::default()
    };
    let spread = Spread::read(&app, &filter, place).await?;
    let at = |(name, cursor)| format!("/players/{id}?{name}={cursor}");
    let template = ProfilePage {
        frame: &frame,
        standing,
        cards: Card::all(&app, spread.videos).await.map_err(Problem::internal)?,
        total: spread.total,
        previous: spread.previous.map(|cursor| at(spread::before(cursor))),
        next: spread.next.map(|cursor| at(spread::after(cursor))),
        player: &player,
    };
    page(&frame, &template)
}

impl ProfilePage<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.player.first_name, self.player.last_name)
    }

    fn description(&self) -> String {
        let (name, city) = (self.name(), &self.player.city);
        self.frame.with_all("profile-description", &[("player", &name), ("city", city)])
    }

    fn same_city(&self) -> String {
        all_from(Some(&self.player.city), Some(&self.player.country))
    }
}
