//! `/console/votes/{id}`: a suspicion, its votes, and what can be done.

use anb_domain::{
    Action,
    vote_review::{FlagKind, FlagState},
};
use anb_store::{AuditEntry, AuditFilter, VoteFlag};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use uuid::Uuid;

use super::{
    about,
    form::{Decision, InAddress},
    judged, share,
    table::{Table, Wanted},
    timeline::Timeline,
    words,
};
use crate::{
    actor::By,
    frame::{Frame, page, page_with_status},
    in_path::InPath,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Decisions that are shown.
const HISTORY: u64 = 20;

#[derive(Template)]
#[template(path = "votes/flag.html")]
struct FlagPage {
    frame: Frame,
    flag: VoteFlag,
    kind: String,
    why: String,
    state: &'static str,
    share: Option<u64>,
    timeline: Timeline,
    votes: Table,
    history: Vec<AuditEntry>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    frame: Frame,
    InPath(id): InPath<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let template = flag_page(&app, frame, id, &wanted).await?;
    page(&template.frame, &template)
}

pub(super) async fn judge(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    InPath(id): InPath<Uuid>,
    InAddress(ruling): InAddress,
    decision: Decision,
) -> Result<Response, Refusal> {
    if let Some(missing) = decision.missing() {
        return asked_again(&app, frame, id, missing.message(), decision.reason).await;
    }
    let (store, reason) = (&app.operations.store, &decision.reason);
    let done = if decision.all {
        store.judge_flag(&actor, ruling, id, reason).await
    } else {
        found(&app, id).await?;
        store.judge_votes(&actor, ruling, &decision.chosen, Some(id), reason).await.map(Some)
    };
    let done = done.map_err(Refusal::internal)?.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    Ok(judged(ruling, done.votes, &format!("/console/votes/{id}")).into_response())
}

pub(super) async fn dismiss(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    InPath(id): InPath<Uuid>,
    decision: Decision,
) -> Result<Response, Refusal> {
    if decision.reason.is_empty() {
        return asked_again(&app, frame, id, "votes-reason-missing", String::new()).await;
    }
    found(&app, id).await?;
    let done = app.operations.store.dismiss_flag(&actor, id, &decision.reason).await;
    let notice = if done.map_err(Refusal::internal)? {
        Notice::SUSPICION_DISMISSED
    } else {
        Notice::SUSPICION_DECIDED
    };
    Ok(notice.at("/console/votes").into_response())
}

/// The page again, with what was typed and what is missing.
async fn asked_again(
    app: &AppState,
    frame: Frame,
    id: Uuid,
    fault: &'static str,
    reason: String,
) -> Result<Response, Refusal> {
    let mut page = flag_page(app, frame, id, &Wanted::FIRST).await?;
    page.votes.ask_again(fault, reason);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page.frame, &page)
}

async fn found(app: &AppState, id: Uuid) -> Result<VoteFlag, Refusal> {
    let flag = app.operations.store.vote_flag(id).await.map_err(Refusal::internal)?;
    flag.ok_or_else(|| Refusal::new(Reason::NotFound))
}

async fn flag_page(
    app: &AppState,
    frame: Frame,
    id: Uuid,
    wanted: &Wanted,
) -> Result<FlagPage, Refusal> {
    let (flag, paging) = (found(app, id).await?, wanted.paging());
    let votes = app.operations.store.votes_under(id, paging.length, paging.skipped()).await;
    let mut votes = Table::of(votes.map_err(Refusal::internal)?, flag.votes, paging);
    votes.with_video = flag.kind == FlagKind::Fast;
    let [kind, why] = words(&frame, &flag);
    Ok(FlagPage {
        kind,
        why,
        state: state(flag.state),
        share: share(&flag),
        timeline: timeline(app, &flag).await?,
        votes,
        history: history(app, id).await?,
        frame,
        flag,
    })
}

async fn timeline(app: &AppState, flag: &VoteFlag) -> Result<Timeline, Refusal> {
    let store = &app.operations.store;
    let (from, until) = Timeline::around(flag.first_at, flag.last_at);
    let suspect = store.moments_under(flag.id).await.map_err(Refusal::internal)?;
    let all = match &flag.video {
        Some(video) => store.moments_for(video.id, from, until).await.map_err(Refusal::internal)?,
        None => Vec::new(),
    };
    Ok(Timeline::new((from, until), &all, &suspect))
}

/// What was decided, latest first.
async fn history(app: &AppState, flag: Uuid) -> Result<Vec<AuditEntry>, Refusal> {
    let filter = AuditFilter {
        subject_kind: Some("vote-flag".to_owned()),
        subject_id: Some(flag.to_string()),
        ..AuditFilter::default()
    };
    app.operations.store.audit(&filter, HISTORY).await.map_err(Refusal::internal)
}

/// The message that says what was done.
fn deed(entry: &AuditEntry) -> &'static str {
    match entry.action.parse() {
        Ok(Action::VOTES_STRUCK) => "votes-were-struck",
        Ok(Action::VOTES_RESTORED) => "votes-were-restored",
        _ => "votes-were-dismissed",
    }
}

/// The message that names a state.
pub(super) fn state(state: FlagState) -> &'static str {
    match state {
        FlagState::Open => "votes-open",
        FlagState::Dismissed => "votes-dismissed",
        FlagState::Struck => "votes-struck",
    }
}
