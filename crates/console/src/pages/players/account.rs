//! What is done to an account.

use anb_domain::{Reason, Role};
use anb_store::ChangeRoleError;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    PATH, named,
    player::{Alert, shown},
};
use crate::{
    actor::By,
    frame::Frame,
    notice::Notice,
    refusal::{self, Refusal},
    state::AppState,
};

pub async fn revoke(
    State(app): State<AppState>,
    By(actor): By,
    path: Path<String>,
) -> Result<Redirect, Refusal> {
    let player = named(&app, path).await?;
    app.operations.store.revoke_sessions(player.id, &actor).await.map_err(Refusal::internal)?;
    Ok(Notice::SESSIONS_REVOKED.at(&format!("{PATH}/{}", player.id)))
}

#[derive(Deserialize)]
pub struct Grant {
    role: String,
}

pub async fn change_role(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    path: Path<String>,
    Form(grant): Form<Grant>,
) -> Result<Response, Refusal> {
    let player = named(&app, path).await?;
    let role: Role = grant.role.parse().map_err(|_| Refusal::new(refusal::Reason::Malformed))?;
    match app.operations.store.change_role(&actor, player.id, role).await {
        Ok(()) => Ok(Notice::ROLE_CHANGED.at(&format!("{PATH}/{}", player.id)).into_response()),
        Err(error) => refused(&app, &frame, &player, error).await,
    }
}

#[derive(Deserialize)]
pub struct Erasure {
    /// The player's e-mail address, typed again.
    #[serde(default)]
    confirm: String,
    #[serde(default)]
    reason: String,
}

/// The same as when somebody deletes their own account.
pub async fn erase(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    path: Path<String>,
    Form(typed): Form<Erasure>,
) -> Result<Response, Refusal> {
    let player = named(&app, path).await?;
    let same = typed.confirm.trim().eq_ignore_ascii_case(player.email.as_str());
    let (true, Ok(reason)) = (same, typed.reason.parse::<Reason>()) else {
        return shown(&app, &frame, &player, Alert::NotConfirmed).await;
    };
    match app.operations.store.erase_player(&actor, player.id, &reason).await {
        Ok(()) => Ok(Notice::PLAYER_ERASED.at(PATH).into_response()),
        Err(error) => refused(&app, &frame, &player, error).await,
    }
}

async fn refused(
    app: &AppState,
    frame: &Frame,
    player: &anb_store::Player,
    error: ChangeRoleError,
) -> Result<Response, Refusal> {
    match error {
        ChangeRoleError::LastAdmin => shown(app, frame, player, Alert::LastAdmin).await,
        ChangeRoleError::NotFound => Err(Refusal::new(refusal::Reason::NotFound)),
        ChangeRoleError::Store(error) => Err(Refusal::internal(error)),
    }
}
