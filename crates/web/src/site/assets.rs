//! `/assets/{version}/{path}`: style sheets, scripts and pictures. The version names
//! their content, so that browsers need never ask twice.

use anb_config::Settings;
use anb_design::{Assets, assets::embedded, brand::branded};
use axum::{
    extract::{Path, State},
    response::Response,
};
use rust_embed::Embed;

use crate::{
    Application, Routes,
    problem::{Code, Problem},
    state::AppState,
};

#[derive(Embed)]
#[folder = "assets/"]
struct Own;

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/assets/{version}/{*path}", serve)
        .get("/favicon.ico", favicon)
}

/// Everything that pages load, in the brand's colours.
#[must_use]
pub fn assets(settings: &Settings) -> Assets {
    let brand = &settings.showcase.brand;
    let logo = anb_http::assets::logo(brand.logo_svg.as_deref());
    branded(brand.color, logo, embedded::<Own>(), "site.css")
}

async fn serve(
    State(app): State<AppState>,
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    anb_http::assets::serve(&app.site.assets, &version, &path)
        .ok_or_else(|| Problem::new(Code::NotFound))
}

/// Where browsers look by themselves.
async fn favicon(State(app): State<AppState>) -> Result<Response, Problem> {
    anb_http::assets::favicon(&app.site.assets).ok_or_else(|| Problem::new(Code::NotFound))
}
