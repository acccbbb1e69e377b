//! `/console/sign-in`: the password. The second factor comes next.

use anb_auth::authenticate;
use anb_domain::{Action, Subject};
use anb_http::RequestContext;
use anb_store::{Actor, Deed, Player};
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    Application, Routes,
    actor::{actor, agent},
    frame::{Frame, page, page_with_status},
    pages::second_factor,
    refusal::{Reason, Refusal},
    session::{self, Operator, may_come_in},
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
    headers: HeaderMap,
    frame: Frame,
    Form(Credentials { email, password }): Form<Credentials>,
) -> Result<Response, Refusal> {
    app.logins.check(&context.client_key())?;
    let player = authenticate(&app.operations.store, &app.passwords, &email, password)
        .await
        .map_err(Refusal::internal)?;
    let Some(player) = player else {
        tracing::info!("sign-in refused: wrong credentials");
        refused(&app, &nobody(&context, &headers), "wrong credentials").await?;
        return asked_again(&SignInPage { frame, email, wrong: true });
    };
    if !may_come_in(player.role) {
        tracing::warn!(player = %player.id, "sign-in refused: no role");
        refused(&app, &of(&player, &context, &headers), "no role in the console").await?;
        return Err(Refusal::new(Reason::NoAccess));
    }
    let cookie = session::begin(&app, &player, &context, &headers, None).await?;
    let next = second_factor::next(&app, &player).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

fn asked_again(template: &SignInPage) -> Result<Response, Refusal> {
    let mut response = page_with_status(StatusCode::UNAUTHORIZED, &template.frame, template)?;
    // A scheme that no browser knows: it must not ask in a window of its own.
    let scheme = HeaderValue::from_static("Session");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    Ok(response)
}

/// Notes that somebody did not get in.
pub async fn refused(app: &AppState, actor: &Actor, reason: &str) -> Result<(), Refusal> {
    let deed = Deed::new(Action::SIGN_IN_REFUSED, Subject::only("console")).because(reason);
    app.operations.store.record(actor, deed).await.map_err(Refusal::internal)
}

/// Somebody who is not signed in yet.
pub fn of(player: &Player, context: &RequestContext, headers: &HeaderMap) -> Actor {
    actor(&Operator::of(player, context.id), context, headers)
}

fn nobody(context: &RequestContext, headers: &HeaderMap) -> Actor {
    Actor {
        id: None,
        name: "anonymous".to_owned(),
        role: "anonymous".to_owned(),
        address: Some(context.client.to_string()),
        agent: agent(headers),
        request_id: Some(context.id),
    }
}
