//! `/console/audit`: who did what, to what, when and from where, and how things
//! were before and after.

mod difference;
mod row;
mod wanted;

use anb_domain::Action;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use http::StatusCode;

use self::{
    row::{KINDS, Row, message},
    wanted::Wanted,
};
use crate::{
    Application, Routes,
    frame::{Frame, page_with_status},
    refusal::Refusal,
    state::AppState,
};

const PER_PAGE: usize = 50;

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/audit", show)
}

#[derive(Template)]
#[template(path = "audit/page.html")]
struct AuditPage {
    frame: Frame,
    wanted: Wanted,
    /// The fields that cannot be what was typed there.
    wrong: Vec<&'static str>,
    actions: Vec<Choice>,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    /// The page after this one, and the first.
    older: Option<String>,
    latest: Option<String>,
}

/// Something that can be chosen in the form.
struct Choice {
    value: &'static str,
    name: String,
    chosen: bool,
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let (filter, wrong) = match wanted.filter() {
        Ok(filter) => (Some(filter), Vec::new()),
        Err(wrong) => (None, wrong),
    };
    let mut entries = match &filter {
        // One more than is shown tells whether there are more.
        Some(filter) => app.operations.store.audit(filter, PER_PAGE as u64 + 1).await,
        None => Ok(Vec::new()),
    }
    .map_err(Refusal::internal)?;
    let more = entries.len() > PER_PAGE;
    entries.truncate(PER_PAGE);
    let last = entries.last().filter(|_| more).map(|entry| entry.id);
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let template = AuditPage {
        actions: actions(&frame, &wanted),
        kinds: kinds(&frame, &wanted),
        older: last.map(|id| wanted.page_before(id)),
        latest: wanted.is_later_page().then(|| wanted.first_page()),
        rows: entries.into_iter().map(|entry| Row::of(entry, &frame)).collect(),
        wanted,
        wrong,
        frame,
    };
    page_with_status(status, &template.frame, &template)
}

fn actions(frame: &Frame, wanted: &Wanted) -> Vec<Choice> {
    let choice = |action: &Action| Choice {
        value: action.as_str(),
        name: frame.say(&message(action.as_str())).into_owned(),
        chosen: wanted.action == action.as_str(),
    };
    Action::ALL.iter().map(choice).collect()
}

fn kinds(frame: &Frame, wanted: &Wanted) -> Vec<Choice> {
    let choice = |&(value, id): &(&'static str, &str)| Choice {
        value,
        name: frame.say(id).into_owned(),
        chosen: wanted.kind == value,
    };
    KINDS.iter().map(choice).collect()
}
