//! `/console/sign-in`

use anb_auth::authenticate;
use anb_http::RequestContext;
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    Application, Routes,
    frame::{Frame, page, page_with_status},
    navigation::home,
    refusal::{Reason, Refusal},
    session,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/sign-in", form)
        .post("/console/sign-in", sign_in)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// What was typed before.
    email: String,
    /// Whether that was wrong.
    wrong: bool,
}

async fn form(frame: Frame) -> Result<Response, Refusal> {
    let template = SignInPage { frame, email: String::new(), wrong: false };
    page(&template.frame, &template)
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: SecretString,
}

async fn sign_in(
    State(app): State<AppState>,
    context: RequestContext,
    frame: Frame,
    Form(Credentials { email, password }): Form<Credentials>,
) -> Result<Response, Refusal> {
    app.logins.check(&context.client_key())?;
    let player = authenticate(&app.operations.store, &app.passwords, &email, password)
        .await
        .map_err(Refusal::internal)?;
    let Some(player) = player else {
        tracing::info!("sign-in refused: wrong credentials");
        return asked_again(&SignInPage { frame, email, wrong: true });
    };
    if !player.role.may_operate() {
        tracing::warn!(player = %player.id, "sign-in refused: no operator");
        return Err(Refusal::new(Reason::NoAccess));
    }
    tracing::info!(operator = %player.id, "signed in");
    let cookie = session::begin(&app, player.id).map_err(Refusal::internal)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(home(player.role))).into_response())
}

fn asked_again(template: &SignInPage) -> Result<Response, Refusal> {
    let mut response = page_with_status(StatusCode::UNAUTHORIZED, &template.frame, template)?;
    // A scheme that no browser knows: it must not ask in a window of its own.
    let scheme = HeaderValue::from_static("Session");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    Ok(response)
}
