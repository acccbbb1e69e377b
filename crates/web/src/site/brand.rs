//! `/brand/{version}/{file}`: what pages load of the brand. Made while we run, so
//! that a change shows at once; by themselves, so that all else may lie
//! elsewhere and stays the same.

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{
    Application, Routes,
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/brand/{version}/{file}", serve)
        .get("/favicon.ico", favicon)
}

async fn serve(
    State(app): State<AppState>,
    Path((version, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let contest = app.contest.with_brand(&version).await;
    anb_http::assets::serve(contest.brand_files(), &version, &file)
        .ok_or_else(|| Problem::new(Code::NotFound))
}

/// Where browsers look by themselves.
async fn favicon(State(app): State<AppState>) -> Result<Response, Problem> {
    let contest = app.contest.now();
    anb_http::assets::favicon(contest.brand_files()).ok_or_else(|| Problem::new(Code::NotFound))
}
