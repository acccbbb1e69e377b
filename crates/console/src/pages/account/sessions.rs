//! Where one is signed in, and ending that.

use anb_domain::Action;
use anb_store::ConsoleSession;
use axum::{extract::State, response::Redirect};
use chrono::TimeDelta;
use uuid::Uuid;

use super::PATH;
use crate::{
    Application, Routes,
    actor::By,
    in_path::InPath,
    notice::Notice,
    refusal::{Reason, Refusal},
    session::Operator,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .post("/console/account/sessions", end_others)
        .post("/console/account/sessions/{id}", end)
}

pub struct Row {
    pub session: ConsoleSession,
    /// Whether the page was asked for with it.
    pub is_this: bool,
}

/// Those that can still be used.
pub async fn rows(app: &AppState, operator: &Operator) -> Result<Vec<Row>, Refusal> {
    let idle = TimeDelta::from_std(app.idle_session).unwrap_or(TimeDelta::MAX);
    let since = app.operations.clock.now() - idle;
    let sessions = app.operations.store.console_sessions_of(operator.id).await;
    let used = sessions.map_err(Refusal::internal)?.into_iter();
    Ok(used
        .filter(|session| session.seen_at > since)
        .map(|session| Row { is_this: session.id == operator.session, session })
        .collect())
}

async fn end(
    State(app): State<AppState>,
    operator: Operator,
    By(actor): By,
    InPath(session): InPath<Uuid>,
) -> Result<Redirect, Refusal> {
    let store = &app.operations.store;
    let ended =
        store.end_console_session(session, operator.id, &actor, Action::SESSION_ENDED).await;
    if !ended.map_err(Refusal::internal)? {
        return Err(Refusal::new(Reason::NotFound));
    }
    Ok(Notice::SESSION_ENDED.at(PATH))
}

async fn end_others(
    State(app): State<AppState>,
    operator: Operator,
    By(actor): By,
) -> Result<Redirect, Refusal> {
    let store = &app.operations.store;
    let ended = store.end_other_console_sessions(operator.id, operator.session, &actor).await;
    Ok(Notice::SESSIONS_ENDED.with(&[ended.map_err(Refusal::internal)?], PATH))
}
