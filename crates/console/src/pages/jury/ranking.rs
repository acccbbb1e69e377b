//! `/console/jury/ranking`: votes and jury together, before everybody sees it.

use anb_domain::contest::Standing;
use anb_store::{PlaceCount, RankedPlayer, RankingFilter};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
};

/// Lines on the page: whoever leads, which is what it is looked at for.
const SHOWN: usize = 200;

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/jury/ranking", show)
}

#[derive(Deserialize)]
struct Wanted {
    /// The place of a city in the list, from 0.
    city: Option<usize>,
}

#[derive(Template)]
#[template(path = "jury/ranking.html")]
struct RankingPage {
    frame: Frame,
    places: Vec<PlaceCount>,
    chosen: Option<usize>,
    /// `None`: votes alone count as yet.
    rows: Option<Vec<RankedPlayer>>,
    /// Whole percent.
    weight: u8,
    cut: u64,
    published: bool,
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let store = &app.operations.store;
    let places = store.places().await.map_err(Refusal::internal)?;
    let chosen = wanted.city.filter(|at| *at < places.len());
    let filter = chosen.map_or_else(RankingFilter::default, |at| {
        RankingFilter::from_place(Some(&places[at].city), Some(&places[at].country))
    });
    let showcase = app.contest.now();
    let weight = showcase.jury.weight();
    let ranked = store.final_ranking(&filter, weight).await.map_err(Refusal::internal)?;
    let standing = showcase.contest().standing(app.operations.clock.now());
    let template = RankingPage {
        places,
        chosen,
        rows: ranked.map(|rows| rows.into_iter().take(SHOWN).collect()),
        weight: weight.percent(),
        cut: showcase.cut_per_city.into(),
        published: standing == Standing::Final,
        frame,
    };
    page(&template.frame, &template)
}

impl RankingPage {
    fn is_chosen(&self, at: usize) -> bool {
        self.chosen == Some(at)
    }
}
