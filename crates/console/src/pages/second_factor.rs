//! `/console/sign-in/code` and `/console/sign-in/enrol`: the second factor,
//! asked for after each password; the first time, made.

use anb_auth::TotpSecret;
use anb_domain::{Action, Subject};
use anb_http::RequestContext;
use anb_store::{Deed, Player, SecondFactor};
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::sign_in::{of, refused};
use crate::{
    Application, Routes,
    frame::{Frame, page, page_with_status},
    navigation::home,
    refusal::Refusal,
    second_factor::{Enrolment, NewCodes, secret, takes},
    session::{self, Pending},
    state::AppState,
};

const CODE: &str = "/console/sign-in/code";
const ENROL: &str = "/console/sign-in/enrol";

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/sign-in/code", code_form)
        .post("/console/sign-in/code", code)
        .get("/console/sign-in/enrol", enrol_form)
        .post("/console/sign-in/enrol", enrol)
}

/// Where somebody who has given the password goes.
pub async fn next(app: &AppState, player: &Player) -> Result<&'static str, Refusal> {
    let factor = app.operations.store.second_factor(player.id).await.map_err(Refusal::internal)?;
    Ok(if factor.is_some_and(|factor| factor.confirmed) { CODE } else { ENROL })
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    wrong: bool,
}

#[derive(Deserialize)]
struct Typed {
    code: String,
}

async fn code_form(
    State(app): State<AppState>,
    pending: Pending,
    frame: Frame,
) -> Result<Response, Refusal> {
    if next(&app, &pending.player).await? != CODE {
        return Ok(Redirect::to(ENROL).into_response());
    }
    let template = CodePage { frame, wrong: false };
    page(&template.frame, &template)
}

async fn code(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    pending: Pending,
    frame: Frame,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    app.logins.check(&context.client_key())?;
    app.codes.check(&pending.player.id)?;
    let store = &app.operations.store;
    let actor = of(&pending.player, &context, &headers);
    let factor = store.second_factor(pending.player.id).await.map_err(Refusal::internal)?;
    let Some(factor) = factor.filter(|factor| factor.confirmed) else {
        return Ok(Redirect::to(ENROL).into_response());
    };
    if !takes(&app, &pending.player, &factor, &typed.code, &actor).await? {
        refused(&app, &actor, "wrong code").await?;
        let template = CodePage { frame, wrong: true };
        return page_with_status(StatusCode::UNAUTHORIZED, &template.frame, &template);
    }
    let cookie = come_in(&app, &pending, &context, &headers).await?;
    let home = Redirect::to(home(pending.player.role));
    Ok(([(header::SET_COOKIE, cookie)], home).into_response())
}

async fn enrol_form(
    State(app): State<AppState>,
    pending: Pending,
    frame: Frame,
) -> Result<Response, Refusal> {
    if next(&app, &pending.player).await? == CODE {
        return Ok(Redirect::to(CODE).into_response());
    }
    let factor = offered(&app, &pending.player).await?;
    enrolment(&secret(&app, &pending.player, &factor)?, false).shown(&frame)
}

async fn enrol(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    pending: Pending,
    frame: Frame,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    app.logins.check(&context.client_key())?;
    app.codes.check(&pending.player.id)?;
    let factor = offered(&app, &pending.player).await?;
    if factor.confirmed {
        return Ok(Redirect::to(CODE).into_response());
    }
    let secret = secret(&app, &pending.player, &factor)?;
    let Some(step) = secret.step_of(&typed.code, app.operations.clock.now(), 0) else {
        return enrolment(&secret, true).shown(&frame);
    };
    let new = NewCodes::generate()?;
    let actor = of(&pending.player, &context, &headers);
    let store = &app.operations.store;
    let confirmed = store.confirm_second_factor(pending.player.id, step, &new.hashes, &actor).await;
    if !confirmed.map_err(Refusal::internal)? {
        return Ok(Redirect::to(CODE).into_response());
    }
    let cookie = come_in(&app, &pending, &context, &headers).await?;
    let mut shown = new.shown(frame, home(pending.player.role))?;
    shown.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(shown)
}

/// The session in which everything is open, in the place of the one that waited
/// for it: whoever knew the token of that knows nothing of this.
async fn come_in(
    app: &AppState,
    pending: &Pending,
    context: &RequestContext,
    headers: &HeaderMap,
) -> Result<HeaderValue, Refusal> {
    let dropped = app.operations.store.drop_console_session(pending.session).await;
    dropped.map_err(Refusal::internal)?;
    let actor = of(&pending.player, context, headers);
    let deed = Deed::new(Action::SIGNED_IN, Subject::only("console"));
    tracing::info!(operator = %pending.player.id, "signed in");
    session::begin(app, &pending.player, context, headers, Some((&actor, deed))).await
}

fn enrolment(secret: &TotpSecret, wrong: bool) -> Enrolment<'_> {
    Enrolment {
        secret,
        action: ENROL,
        offer: None,
        title: "second-factor-enrol-title",
        why: "second-factor-enrol-why",
        wrong,
    }
}

/// The secret that is to be confirmed; made at the first look.
async fn offered(app: &AppState, player: &Player) -> Result<SecondFactor, Refusal> {
    let store = &app.operations.store;
    if let Some(factor) = store.second_factor(player.id).await.map_err(Refusal::internal)? {
        return Ok(factor);
    }
    let secret = TotpSecret::generate().map_err(Refusal::internal)?;
    let sealed = app.seal.close(player.id, &secret).map_err(Refusal::internal)?;
    store.offer_second_factor(player.id, sealed).await.map_err(Refusal::internal)?;
    let kept = store.second_factor(player.id).await.map_err(Refusal::internal)?;
    kept.ok_or_else(|| Refusal::internal(std::io::Error::other("the secret was not kept")))
}
