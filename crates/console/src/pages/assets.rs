//! `/console/assets/{version}/{path}`: style sheets, scripts and pictures, from
//! the console itself, wherever the site's are.

use anb_config::Settings;
use anb_design::{Assets, assets::embedded, brand::branded};
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
    Routes::new(Application::Console).get("/console/assets/{version}/{*path}", serve)
}

/// Everything that pages load, in the brand's colours.
#[must_use]
pub fn assets(settings: &Settings) -> Assets {
    let brand = &settings.showcase.brand;
    let logo = anb_http::assets::logo(brand.logo_svg.as_deref());
    branded(brand.color, logo, embedded::<Own>(), "console.css")
}

async fn serve(
    State(app): State<AppState>,
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    anb_http::assets::serve(&app.assets, &version, &path)
        .ok_or_else(|| Refusal::new(Reason::NotFound))
}
