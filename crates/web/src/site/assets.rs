//! `/assets/{version}/{path}`: style sheets, scripts and pictures. The version names
//! their content, so that browsers need never ask twice.

use anb_design::{Assets, assets::embedded, brand::unbranded};
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
    Routes::new(Application::Public).get("/assets/{version}/{*path}", serve)
}

/// Everything that pages load, whatever the brand.
#[must_use]
pub fn assets() -> Assets {
    unbranded(embedded::<Own>(), "site.css")
}

async fn serve(
    State(app): State<AppState>,
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    anb_http::assets::serve(&app.site.assets, &version, &path)
        .ok_or_else(|| Problem::new(Code::NotFound))
}
