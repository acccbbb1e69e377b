//! The second factor: what is made of it, what is taken for it, and the pages on
//! which a new one is shown.

use anb_auth::{TotpSecret, recovery_codes, recovery_digest};
use anb_store::{Actor, Player, SecondFactor};
use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::{
    frame::{Frame, page, page_with_status},
    refusal::Refusal,
    state::AppState,
};

/// The secret as it is kept.
pub fn secret(
    app: &AppState,
    player: &Player,
    factor: &SecondFactor,
) -> Result<TotpSecret, Refusal> {
    let bytes = app.seal.open(player.id, &factor.sealed_secret).map_err(Refusal::internal)?;
    made_of(app, player, &bytes)
}

/// The secret with these bytes, named after showcase and owner in the app.
pub fn made_of(app: &AppState, player: &Player, bytes: &[u8]) -> Result<TotpSecret, Refusal> {
    let showcase = &app.settings.showcase.name;
    TotpSecret::new(bytes, showcase, player.email.as_str()).map_err(Refusal::internal)
}

/// Whether this is the code that the app shows now, or one for recovery; either
/// is used up by it.
pub async fn takes(
    app: &AppState,
    player: &Player,
    factor: &SecondFactor,
    typed: &str,
    actor: &Actor,
) -> Result<bool, Refusal> {
    let store = &app.operations.store;
    let now = app.operations.clock.now();
    let taken = match secret(app, player, factor)?.step_of(typed, now, factor.last_step) {
        Some(step) => store.take_code(player.id, step).await,
        None => store.take_recovery_code(player.id, &recovery_digest(typed), actor).await,
    };
    taken.map_err(Refusal::internal)
}

/// Codes for recovery, and what is kept of them.
pub struct NewCodes {
    pub codes: Vec<String>,
    pub hashes: Vec<String>,
}

impl NewCodes {
    pub fn generate() -> Result<Self, Refusal> {
        let codes = recovery_codes().map_err(Refusal::internal)?;
        let hashes = codes.iter().map(|code| recovery_digest(code)).collect();
        Ok(Self { codes, hashes })
    }

    /// The only time that they are shown; then the way leads to `next`.
    pub fn shown(self, frame: Frame, next: &'static str) -> Result<Response, Refusal> {
        let template = RecoveryCodesPage { frame, codes: self.codes, next };
        page(&template.frame, &template)
    }
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct RecoveryCodesPage {
    frame: Frame,
    codes: Vec<String>,
    next: &'static str,
}

/// A page that shows a secret, and asks for the first code.
pub struct Enrolment<'a> {
    pub secret: &'a TotpSecret,
    /// Where the code is sent, and what with.
    pub action: &'static str,
    pub offer: Option<&'a str>,
    /// The messages that are its title, and say why it is asked for.
    pub title: &'static str,
    pub why: &'static str,
    pub wrong: bool,
}

#[derive(Template)]
#[template(path = "enrol.html")]
struct EnrolPage<'a> {
    frame: &'a Frame,
    page: &'a Enrolment<'a>,
    qr_code: String,
    secret: String,
}

impl Enrolment<'_> {
    pub fn shown(&self, frame: &Frame) -> Result<Response, Refusal> {
        let template = EnrolPage {
            frame,
            page: self,
            qr_code: self.secret.qr_code().map_err(Refusal::internal)?,
            secret: self.secret.base32(),
        };
        let status = if self.wrong { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
        page_with_status(status, frame, &template)
    }
}
