//! `/console/contest/versions`: what was in force before, to be looked at and
//! brought back.

use std::collections::BTreeMap;

use anb_store::ContestVersion;
use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};

use super::{
    change::{Change, Wish, changes, version},
    typed::Typed,
};
use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page},
    refusal::{Reason, Refusal},
    state::AppState,
};

/// More than anybody looks through.
const LATEST: u64 = 100;

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/contest/versions", list)
        .get("/console/contest/versions/{number}", show)
        .post("/console/contest/versions/{number}", bring_back)
}

#[derive(Template)]
#[template(path = "contest_versions.html")]
struct VersionsPage<'a> {
    frame: &'a Frame,
    versions: Vec<ContestVersion>,
    /// One of them, and in what it differs from what is in force.
    looked_at: Option<(u64, Vec<Change>)>,
}

async fn list(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let versions =
        app.operations.store.contest_versions(LATEST).await.map_err(Refusal::internal)?;
    page(&frame, &VersionsPage { versions, looked_at: None, frame: &frame })
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    Path(number): Path<u64>,
) -> Result<Response, Refusal> {
    let found = version(&app, number).await?.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    let versions =
        app.operations.store.contest_versions(LATEST).await.map_err(Refusal::internal)?;
    let looked_at = Some((number, changes(&now, &found, frame.language)));
    page(&frame, &VersionsPage { versions, looked_at, frame: &frame })
}

async fn bring_back(
    State(app): State<AppState>,
    frame: Frame,
    By(actor): By,
    Path(number): Path<u64>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, Refusal> {
    let after = version(&app, number).await?.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    let action = format!("/console/contest/versions/{number}");
    let typed = Typed::from(typed);
    let document = after.document.clone();
    Wish { action: &action, typed: &typed, document, after }.grant(&app, &frame, &actor, &now).await
}
