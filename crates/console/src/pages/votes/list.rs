//! `GET /console/votes`: what is suspected, the strongest first; or what was
//! decided, the latest first.

use anb_store::VoteFlag;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{short, words};
use crate::{
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
};

const FLAGS_PER_PAGE: u64 = 25;
/// Far enough for anybody, and no number that a database would choke on.
const LAST_PAGE: u64 = 100_000;

#[derive(Deserialize)]
pub(super) struct Wanted {
    state: Option<String>,
    page: Option<u64>,
}

#[derive(Template)]
#[template(path = "votes.html")]
struct VotesPage {
    frame: Frame,
    open: bool,
    rows: Vec<Row>,
    total: u64,
    newer: Option<String>,
    older: Option<String>,
}

struct Row {
    flag: VoteFlag,
    kind: &'static str,
    why: &'static str,
    state: &'static str,
    from: String,
    share: Option<u64>,
}

pub(super) async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let open = wanted.state.as_deref() != Some("decided");
    let number = wanted.page.unwrap_or(1).clamp(1, LAST_PAGE);
    let skipped = (number - 1) * FLAGS_PER_PAGE;
    let store = &app.operations.store;
    let found = store.vote_flags(open, FLAGS_PER_PAGE, skipped).await;
    let found = found.map_err(Refusal::internal)?;
    let shown = found.items.len() as u64;
    let template = VotesPage {
        open,
        rows: found.items.into_iter().map(Row::from).collect(),
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

impl From<VoteFlag> for Row {
    fn from(flag: VoteFlag) -> Self {
        let [kind, why] = words(flag.kind);
        Self {
            kind,
            why,
            state: super::flag::state(flag.state),
            from: short(flag.network.as_ref().or(flag.device.as_ref())),
            share: share(&flag),
            flag,
        }
    }
}

/// Percent of the video's votes that are under this suspicion.
pub(super) fn share(flag: &VoteFlag) -> Option<u64> {
    let total = flag.video.as_ref()?.total;
    (flag.counting * 100).checked_div(total)
}
