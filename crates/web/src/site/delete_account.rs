//! `/me/delete`: the way out of one's own account. It asks for the password, so
//! that a browser left open is not enough.

use anb_auth::authenticate;
use anb_store::Player;
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    account::{Tally, tally},
    frame::{Frame, page, page_with_status},
    notice::Notice,
    session::{self, Member},
    sign_in::after_a_while,
};
use crate::{Application, Routes, problem::Problem, request::RequestContext, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/me/delete", form).post("/me/delete", delete)
}

#[derive(Template)]
#[template(path = "account_delete.html")]
struct DeleteAccountPage<'a> {
    frame: &'a Frame,
    tally: Tally,
    /// Why that did not work.
    alert: Option<String>,
}

async fn form(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
) -> Result<Response, Problem> {
    let tally = tally(&app, &player).await?;
    page(&frame, &DeleteAccountPage { frame: &frame, tally, alert: None })
}

#[derive(Deserialize)]
struct Proof {
    #[serde(default)]
    password: SecretString,
}

async fn delete(
    State(app): State<AppState>,
    Member(player): Member,
    context: RequestContext,
    frame: Frame,
    Form(Proof { password }): Form<Proof>,
) -> Result<Response, Problem> {
    // The same allowance as for signing in: it is the same secret to guess.
    if let Err(error) = app.limits.logins.check(&context.client_key()) {
        let problem = Problem::from(error);
        let seconds = problem.retry_after.map_or(0, |wait| wait.as_secs());
        let alert = frame.counted("account-too-many", seconds + 1);
        let answer = asked_again(&app, &player, &frame, problem.code.status(), alert).await?;
        return Ok(after_a_while(answer, &problem));
    }
    let genuine = authenticate(&app.store, &app.passwords, player.email.as_str(), password).await;
    if genuine.map_err(Problem::internal)?.is_none() {
        let alert = frame.say("account-wrong-password").into_owned();
        return asked_again(&app, &player, &frame, StatusCode::BAD_REQUEST, alert).await;
    }
    app.store.delete_player(player.id).await.map_err(Problem::internal)?;
    let forgotten = [(header::SET_COOKIE, session::end(&app))];
    Ok((forgotten, Notice::AccountDeleted.at("/")).into_response())
}

async fn asked_again(
    app: &AppState,
    player: &Player,
    frame: &Frame,
    status: StatusCode,
    alert: String,
) -> Result<Response, Problem> {
    let tally = tally(app, player).await?;
    page_with_status(status, frame, &DeleteAccountPage { frame, tally, alert: Some(alert) })
}
