//! `/console/account`: one's own sessions, recovery codes and second factor.

mod change;
mod sessions;

use anb_store::Player;
use askama::Template;
use axum::{extract::State, response::Response};
use http::StatusCode;

use self::sessions::Row;
use crate::{
    Application, Routes,
    frame::{Frame, page_with_status},
    refusal::{Reason, Refusal},
    session::Operator,
    state::AppState,
};

const PATH: &str = "/console/account";

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/account", show)
        .merge(change::routes())
        .merge(sessions::routes())
}

#[derive(Template)]
#[template(path = "account/page.html")]
struct AccountPage<'a> {
    frame: &'a Frame,
    email: String,
    sessions: Vec<Row>,
    recovery_left: usize,
    /// The message that says why something was not done.
    alert: Option<&'static str>,
}

async fn show(
    State(app): State<AppState>,
    operator: Operator,
    frame: Frame,
) -> Result<Response, Refusal> {
    shown(&app, &frame, &operator, None).await
}

async fn shown(
    app: &AppState,
    frame: &Frame,
    operator: &Operator,
    alert: Option<&'static str>,
) -> Result<Response, Refusal> {
    let factor =
        app.operations.store.second_factor(operator.id).await.map_err(Refusal::internal)?;
    let template = AccountPage {
        frame,
        email: player(app, operator).await?.email.as_str().to_owned(),
        sessions: sessions::rows(app, operator).await?,
        recovery_left: factor.map_or(0, |factor| factor.recovery_left),
        alert,
    };
    let status = if alert.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    page_with_status(status, frame, &template)
}

async fn player(app: &AppState, operator: &Operator) -> Result<Player, Refusal> {
    let player = app.operations.store.player(operator.id).await.map_err(Refusal::internal)?;
    player.ok_or_else(|| Refusal::new(Reason::NotFound))
}
