//! `GET /console/votes`: what is suspected, the strongest first; or what was
//! decided, the latest first.

use anb_store::VoteFlag;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{about, flag::state, share, words};
use crate::{
    frame::{Frame, page},
    paging::{Pager, Paging},
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
    pager: Pager,
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
    let paging = Paging::new(wanted.page, FLAGS_PER_PAGE);
    let found = app.operations.store.vote_flags(open, paging.length, paging.skipped()).await;
    let found = found.map_err(Refusal::internal)?;
    let template = VotesPage {
        open,
        pager: paging.pager(found.items.len(), found.total, |page| address(open, page)),
        rows: found.items.into_iter().map(|flag| Row::of(flag, &frame)).collect(),
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
