//! `GET /console/votes`: what is suspected, the strongest first; or what was
//! decided, the latest first.

use anb_store::VoteFlag;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{LAST_PAGE, about, flag::state, share, words};
use crate::{
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
};

const FLAGS_PER_PAGE: u64 = 25;

#[derive(Deserialize)]
pub(super) struct Wanted {
    state: Option<String>,
    page: Option<u64>,
}

#[derive(Template)]
#[template(path = "votes/list.html")]
struct VotesPage {
    frame: Frame,
    open: bool,
    rows: Vec<Row>,
    total: u64,
    newer: Option<String>,
    older: Option<String>,
}

struct Row {
    kind: String,
    why: String,
    state: &'static str,
    share: Option<u64>,
    flag: VoteFlag,
}

pub(super) async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let open = wanted.state.as_deref() != Some("decided");
    let number = wanted.page.unwrap_or(1).clamp(1, LAST_PAGE);
    let skipped = (number - 1) * FLAGS_PER_PAGE;
    let found = app.operations.store.vote_flags(open, FLAGS_PER_PAGE, skipped).await;
    let found = found.map_err(Refusal::internal)?;
    let shown = found.items.len() as u64;
    let template = VotesPage {
        open,
        rows: found.items.into_iter().map(|flag| Row::of(flag, &frame)).collect(),
        newer: (number > 1).then(|| address(open, number - 1)),
        older: (shown > 0 && skipped + shown < found.total).then(|| address(open, number + 1)),
        total: found.total,
        frame,
    };
    page(&template.frame, &template)
}

fn address(open: bool, page: u64) -> String {
    format!("/console/votes?state={}&page={page}", if open { "open" } else { "decided" })
}

impl Row {
    fn of(flag: VoteFlag, frame: &Frame) -> Self {
        let [kind, why] = words(frame, &flag);
        Self { kind, why, state: state(flag.state), share: share(&flag), flag }
    }
}
