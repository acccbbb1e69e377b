//! `POST /console/reprocess` and `POST /console/reprocess/{run}`: published
//! videos are made again, many at a time.

use anb_domain::{RunScope, RunState};
use anb_store::{ReprocessError, RunId};
use axum::{
    Form,
    extract::{Path, State},
    response::Redirect,
};
use serde::Deserialize;

use crate::{Application, Routes, actor::By, notice::Notice, refusal::Refusal, state::AppState};

const QUEUE: &str = "/console/queue";

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .post("/console/reprocess", start)
        .post("/console/reprocess/{run}", change)
}

#[derive(Deserialize)]
struct Wanted {
    scope: RunScope,
}

async fn start(
    State(app): State<AppState>,
    By(actor): By,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect, Refusal> {
    match app.operations.store.reprocess_all(wanted.scope, &actor).await {
        Ok(run) => {
            tracing::info!(run = %run.id, scope = %run.scope, "reprocessing started");
            Ok(Notice::REPROCESSING.with(&[run.figures.total()], QUEUE))
        }
        Err(ReprocessError::Store(error)) => Err(Refusal::internal(error)),
        Err(_) => Ok(Notice::NOTHING_TO_REPROCESS.at(QUEUE)),
    }
}

#[derive(Deserialize)]
struct Change {
    to: RunState,
}

async fn change(
    State(app): State<AppState>,
    By(actor): By,
    Path(run): Path<RunId>,
    Form(Change { to }): Form<Change>,
) -> Result<Redirect, Refusal> {
    let changed = app.operations.store.change_run(run, to, &actor).await;
    let notice = if changed.map_err(Refusal::internal)? {
        tracing::info!(%run, state = %to, "reprocessing changed");
        Notice::RUN_CHANGED
    } else {
        Notice::RUN_NOT_CHANGED
    };
    Ok(notice.at(QUEUE))
}
