//! New recovery codes, and another second factor: for whoever shows password and
//! code once more.

use anb_auth::{SECRET_BYTES, TotpSecret, authenticate};
use anb_store::{Actor, NewSecondFactor, Player};
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts as _, Request, State},
    response::{IntoResponse, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{PATH, player, shown};
use crate::{
    Application, Routes,
    actor::By,
    frame::Frame,
    pages::sign_in::refused,
    refusal::Refusal,
    second_factor::{Enrolment, NewCodes, made_of, takes},
    session::Operator,
    state::AppState,
};

const CONFIRM: &str = "/console/account/second-factor/confirm";

/// For how long an offered secret may be confirmed.
const OFFER_SECONDS: i64 = 600;

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .post("/console/account/recovery-codes", renew_codes)
        .post("/console/account/second-factor", offer)
        .post("/console/account/second-factor/confirm", confirm)
}

async fn renew_codes(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    Proven(player): Proven,
) -> Result<Response, Refusal> {
    let new = NewCodes::generate()?;
    let store = &app.operations.store;
    let renewed = store.renew_recovery_codes(player.id, &new.hashes, &actor).await;
    renewed.map_err(Refusal::internal)?;
    new.shown(frame, PATH)
}

async fn offer(
    State(app): State<AppState>,
    frame: Frame,
    Proven(player): Proven,
) -> Result<Response, Refusal> {
    let bytes = TotpSecret::generate().map_err(Refusal::internal)?;
    let secret = made_of(&app, &player, &bytes)?;
    let until = app.operations.clock.now().timestamp() + OFFER_SECONDS;
    let offer = [&until.to_be_bytes()[..], &bytes].concat();
    let offer = app.seal.close(player.id, &offer).map_err(Refusal::internal)?;
    enrolment(&secret, &offer, false).shown(&frame)
}

#[derive(Deserialize)]
struct Confirmation {
    offer: String,
    code: String,
}

async fn confirm(
    State(app): State<AppState>,
    operator: Operator,
    By(actor): By,
    frame: Frame,
    Form(typed): Form<Confirmation>,
) -> Result<Response, Refusal> {
    app.codes.check(&operator.id)?;
    let player = player(&app, &operator).await?;
    let Some(bytes) = offered(&app, &player, &typed.offer) else {
        return shown(&app, &frame, &operator, Some("account-too-late")).await;
    };
    let secret = made_of(&app, &player, &bytes)?;
    let Some(step) = secret.step_of(&typed.code, app.operations.clock.now(), 0) else {
        return enrolment(&secret, &typed.offer, true).shown(&frame);
    };
    let new = NewCodes::generate()?;
    let sealed_secret = app.seal.close(player.id, &bytes).map_err(Refusal::internal)?;
    let factor = NewSecondFactor { sealed_secret, step, recovery: new.hashes.clone() };
    let store = &app.operations.store;
    let changed = store.change_second_factor(player.id, operator.session, factor, &actor).await;
    changed.map_err(Refusal::internal)?;
    new.shown(frame, PATH)
}

/// The secret that was offered to this person not long ago. It travels through
/// their browser, sealed, so that the one in use stays until a code of this one
/// has been shown.
fn offered(app: &AppState, player: &Player, offer: &str) -> Option<[u8; SECRET_BYTES]> {
    let bytes = app.seal.open(player.id, offer).ok()?;
    let (until, secret) = bytes.split_first_chunk::<8>()?;
    let in_time = app.operations.clock.now().timestamp() <= i64::from_be_bytes(*until);
    secret.try_into().ok().filter(|_| in_time)
}

fn enrolment<'a>(secret: &'a TotpSecret, offer: &'a str, wrong: bool) -> Enrolment<'a> {
    Enrolment {
        secret,
        action: CONFIRM,
        offer: Some(offer),
        title: "account-new-factor",
        why: "account-new-factor-why",
        wrong,
    }
}

#[derive(Deserialize)]
struct Proof {
    password: SecretString,
    code: String,
}

/// Extracts who has shown password and second factor once more. Whoever has not
/// is told so on the page.
struct Proven(Player);

impl FromRequest<AppState> for Proven {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let operator = Operator::from_request_parts(&mut parts, app).await;
        let operator = operator.map_err(IntoResponse::into_response)?;
        let By(actor) = By::from_request_parts(&mut parts, app).await?;
        let Ok(frame) = Frame::from_request_parts(&mut parts, app).await;
        let form = Form::from_request(Request::from_parts(parts, body), app).await;
        let Form(proof) = form.map_err(IntoResponse::into_response)?;
        match proven(app, &operator, &actor, proof).await {
            Ok(Some(player)) => Ok(Self(player)),
            Ok(None) => {
                Err(shown(app, &frame, &operator, Some("account-wrong")).await.into_response())
            }
            Err(refusal) => Err(refusal.into_response()),
        }
    }
}

/// `None`: password or code are wrong.
async fn proven(
    app: &AppState,
    operator: &Operator,
    actor: &Actor,
    proof: Proof,
) -> Result<Option<Player>, Refusal> {
    app.codes.check(&operator.id)?;
    let (store, player) = (&app.operations.store, player(app, operator).await?);
    let genuine = authenticate(store, &app.passwords, player.email.as_str(), proof.password).await;
    let factor = store.second_factor(player.id).await.map_err(Refusal::internal)?;
    let taken = match (genuine.map_err(Refusal::internal)?, factor) {
        (Some(_), Some(factor)) => takes(app, &player, &factor, &proof.code, actor).await?,
        _ => false,
    };
    if !taken {
        refused(app, actor, "wrong password or code").await?;
    }
    Ok(taken.then_some(player))
}
