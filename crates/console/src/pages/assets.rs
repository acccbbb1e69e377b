//! `/console/assets/{version}/{path}`: style sheets, scripts and pictures, from
//! the console itself, wherever the site's are.

use anb_design::{Assets, assets::embedded, brand::unbranded};
use axum::{
    extract::{Path, State},
    response::Response,
};
use rust_embed::Embed;

use crate::{
    Application, Routes,
    refusal::{Reason, Refusal},
    state::AppState,
};

#[derive(Embed)]
#[folder = "assets/"]
struct Own;

/// Where they lie.
pub const PATH: &str = "/console/assets";

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/assets/{version}/{*path}", serve)
        .get("/console/brand/{version}/{file}", brand)
}

/// Everything that pages load, whatever the brand.
#[must_use]
pub fn assets() -> Assets {
    unbranded(embedded::<Own>(), "console.css")
}

async fn serve(
    State(app): State<AppState>,
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    anb_http::assets::serve(&app.assets, &version, &path)
        .ok_or_else(|| Refusal::new(Reason::NotFound))
}

async fn brand(
    State(app): State<AppState>,
    Path((version, file)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let contest = app.contest.with_brand(&version).await;
    anb_http::assets::serve(contest.brand_files(), &version, &file)
        .ok_or_else(|| Refusal::new(Reason::NotFound))
}
