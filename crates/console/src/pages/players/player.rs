//! `/console/players/{id}`

use anb_domain::{Role, Subject};
use anb_store::{AuditEntry, AuditFilter, Player, Video};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;

use super::named;
use crate::{
    frame::{Frame, page_with_status},
    refusal::Refusal,
    state::AppState,
    words,
};

/// Entries of the audit log that are shown.
const TRACE: u64 = 50;

/// What cannot be done, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    None,
    LastAdmin,
    NotConfirmed,
}

#[derive(Template)]
#[template(path = "players/player.html")]
struct PlayerPage<'a> {
    frame: &'a Frame,
    player: &'a Player,
    videos: Vec<Video>,
    votes: u64,
    reports: u64,
    trace: Vec<AuditEntry>,
    alert: Option<&'static str>,
}

impl PlayerPage<'_> {
    const ROLES: [Role; 4] = [Role::Player, Role::Jury, Role::Operator, Role::Admin];

    fn role(role: Role) -> &'static str {
        words::role(role)
    }

    fn is(role: Role, player: &Player) -> bool {
        role == player.role
    }

    fn status(video: &Video) -> &'static str {
        words::state_of_one(video.status)
    }

    fn seen(video: &Video) -> &'static str {
        words::visibility(video.visibility)
    }
}

pub async fn show(
    State(app): State<AppState>,
    frame: Frame,
    path: Path<String>,
) -> Result<Response, Refusal> {
    let player = named(&app, path).await?;
    shown(&app, &frame, &player, Alert::None).await
}

/// The page, and what could not be done.
pub async fn shown(
    app: &AppState,
    frame: &Frame,
    player: &Player,
    alert: Alert,
) -> Result<Response, Refusal> {
    let store = &app.operations.store;
    let (status, alert) = match alert {
        Alert::None => (StatusCode::OK, None),
        Alert::LastAdmin => (StatusCode::CONFLICT, Some("players-last-admin")),
        Alert::NotConfirmed => (StatusCode::UNPROCESSABLE_ENTITY, Some("players-not-confirmed")),
    };
    let template = PlayerPage {
        frame,
        player,
        videos: store.videos_of(player.id).await.map_err(Refusal::internal)?,
        votes: store.votes_by(player.id).await.map_err(Refusal::internal)?.len() as u64,
        reports: store.reports_by(player.id).await.map_err(Refusal::internal)?.len() as u64,
        trace: trace(app, player, TRACE).await?,
        alert,
    };
    page_with_status(status, frame, &template)
}

/// What the audit log says of this account, and of what it did: latest first.
pub async fn trace(
    app: &AppState,
    player: &Player,
    limit: u64,
) -> Result<Vec<AuditEntry>, Refusal> {
    let Subject { kind, id } = Subject::player(player.id);
    let done = AuditFilter { who: Some(id.clone()), ..AuditFilter::default() };
    let suffered =
        AuditFilter { subject_kind: Some(kind), subject_id: Some(id), ..AuditFilter::default() };
    let mut entries = Vec::new();
    for filter in [done, suffered] {
        entries
            .extend(app.operations.store.audit(&filter, limit).await.map_err(Refusal::internal)?);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    entries.dedup_by_key(|entry| entry.id);
    Ok(entries)
}
