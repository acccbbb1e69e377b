//! `/console/sign-in/code` and `/console/sign-in/enrol`: the second factor,
//! asked for after each password; the first time, made.

use anb_auth::TotpSecret;
use anb_domain::{Action, Subject};
use anb_http::RequestContext;
use anb_store::{Actor, Deed, Player, SecondFactor};
use askama::Template;
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts as _, Request, State},
    response::{IntoResponse, Redirect, Response},
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

/// Extracts a code that was typed, unless too many were.
struct Answer {
    code: String,
    pending: Pending,
    context: RequestContext,
    headers: HeaderMap,
}

impl FromRequest<AppState> for Answer {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(context) = RequestContext::from_request_parts(&mut parts, app).await;
        let pending = Pending::from_request_parts(&mut parts, app).await?;
        let headers = parts.headers.clone();
        let form = Form::from_request(Request::from_parts(parts, body), app).await;
        let Form(Typed { code }) = form.map_err(IntoResponse::into_response)?;
        let in_measure = app.logins.check(&context.client_key());
        let in_measure = in_measure.and_then(|()| app.codes.check(&pending.player.id));
        in_measure.map_err(|too_many| Refusal::from(too_many).into_response())?;
        Ok(Self { code, pending, context, headers })
    }
}

impl Answer {
    fn actor(&self) -> Actor {
        of(&self.pending.player, &self.context, &self.headers)
    }
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
    frame: Frame,
    answer: Answer,
) -> Result<Response, Refusal> {
    let player = &answer.pending.player;
    let factor = app.operations.store.second_factor(player.id).await.map_err(Refusal::internal)?;
    let Some(factor) = factor.filter(|factor| factor.confirmed) else {
        return Ok(Redirect::to(ENROL).into_response());
    };
    let actor = answer.actor();
    if !takes(&app, player, &factor, &answer.code, &actor).await? {
        refused(&app, &actor, "wrong code").await?;
        let template = CodePage { frame, wrong: true };
        return page_with_status(StatusCode::UNAUTHORIZED, &template.frame, &template);
    }
    let cookie = come_in(&app, &answer).await?;
    let home = Redirect::to(home(player.role));
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
    frame: Frame,
    answer: Answer,
) -> Result<Response, Refusal> {
    let player = &answer.pending.player;
    let factor = offered(&app, player).await?;
    if factor.confirmed {
        return Ok(Redirect::to(CODE).into_response());
    }
    let secret = secret(&app, player, &factor)?;
    let Some(step) = secret.step_of(&answer.code, app.operations.clock.now(), 0) else {
        return enrolment(&secret, true).shown(&frame);
    };
    let new = NewCodes::generate()?;
    let store = &app.operations.store;
    let confirmed =
        store.confirm_second_factor(player.id, step, &new.hashes, &answer.actor()).await;
    if !confirmed.map_err(Refusal::internal)? {
        return Ok(Redirect::to(CODE).into_response());
    }
    let cookie = come_in(&app, &answer).await?;
    let mut shown = new.shown(frame, home(player.role))?;
    shown.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(shown)
}

/// The session in which everything is open, in the place of the one that waited
/// for it: whoever knew the token of that knows nothing of this.
async fn come_in(app: &AppState, answer: &Answer) -> Result<HeaderValue, Refusal> {
    let Answer { pending, context, headers, .. } = answer;
    let deed = Deed::new(Action::SIGNED_IN, Subject::only("console"));
    let actor = answer.actor();
    let proven = Some((pending.session, &actor, deed));
    tracing::info!(operator = %pending.player.id, "signed in");
    session::begin(app, &pending.player, context, headers, proven).await
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
