//! `/sign-in`

use anb_auth::authenticate;
use anb_http::limits::retry_after;
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    frame::{Frame, page, page_with_status},
    notice::Notice,
    session, way_back,
};
use crate::{
    Application, Routes,
    problem::{Code, Problem},
    request::RequestContext,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/sign-in", form).post("/sign-in", sign_in)
}

/// Where whoever has signed in is led to.
#[derive(Deserialize)]
pub struct Destination {
    #[serde(default)]
    pub next: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    frame: &'a Frame,
    email: &'a str,
    next: &'a str,
    /// Why that did not work.
    alert: Option<String>,
}

async fn form(frame: Frame, Query(destination): Query<Destination>) -> Result<Response, Problem> {
    let next = way_back::own(&destination.next);
    if frame.viewer.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    page(&frame, &SignInPage { frame: &frame, email: "", next, alert: None })
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(app): State<AppState>,
    context: RequestContext,
    frame: Frame,
    Form(Credentials { email, password, next }): Form<Credentials>,
) -> Result<Response, Problem> {
    let next = way_back::own(&next);
    let refused = |problem: Problem| asked_again(&frame, &email, next, &problem);
    if let Err(error) = app.limits.logins.check(&context.client_key()) {
        return refused(error.into());
    }
    let player = authenticate(&app.store, &app.passwords, &email, password)
        .await
        .map_err(Problem::internal)?;
    let Some(player) = player else {
        return refused(Problem::new(Code::InvalidCredentials));
    };
    let cookie = session::begin(&app, player.id).map_err(Problem::internal)?;
    Ok(([(header::SET_COOKIE, cookie)], Notice::SignedIn.at(next)).into_response())
}

/// The same form, with the address that was typed.
fn asked_again(
    frame: &Frame,
    email: &str,
    next: &str,
    problem: &Problem,
) -> Result<Response, Problem> {
    let alert = match problem.retry_after {
        Some(wait) => frame.counted("account-too-many", wait.as_secs() + 1),
        None => problem.code.detail().text(frame.language).to_owned(),
    };
    let template = SignInPage { frame, email, next, alert: Some(alert) };
    let mut answer = page_with_status(problem.code.status(), frame, &template)?;
    if answer.status() == StatusCode::UNAUTHORIZED {
        // A scheme that no browser knows: it must not ask in a window of its own.
        let scheme = HeaderValue::from_static("Session");
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    }
    Ok(after_a_while(answer, problem))
}

/// Says when to try again, if the problem does.
pub fn after_a_while(mut answer: Response, problem: &Problem) -> Response {
    if let Some(wait) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
    }
    answer
}
