//! `/console/moderation`: who sees which video.

mod rule;
mod undo;

use anb_domain::{VideoId, Visibility};
use anb_store::Entry;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use http::header;
use serde::Deserialize;

pub use rule::ids;

use super::video::media::{Made, policy_for};
use crate::{
    Application, Routes,
    frame::{Frame, page},
    paging::{Pager, Paging},
    refusal::Refusal,
    state::AppState,
};

pub const PATH: &str = "/console/moderation";

/// Few enough that an address can carry their ids, for the way back.
const PER_PAGE: u64 = 24;

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get(PATH, list)
        .post(PATH, rule::rule)
        .post("/console/moderation/undo", undo::undo)
}

#[derive(Default, Deserialize)]
struct Wanted {
    show: Option<String>,
    page: Option<u64>,
    undo: Option<String>,
}

#[derive(Template)]
#[template(path = "moderation.html")]
struct ModerationPage {
    frame: Frame,
    shown: Visibility,
    entries: Vec<Shown>,
    total: u64,
    pager: Pager,
    /// What was ruled just now.
    undo: Vec<VideoId>,
}

/// What can be judged without leaving the page.
pub struct Shown {
    pub entry: Entry,
    pub made: Made,
}

impl Shown {
    async fn of(app: &AppState, entry: Entry) -> Result<Self, Refusal> {
        let made = Made::of(app, &entry.video).await.map_err(Refusal::internal)?;
        Ok(Self { entry, made })
    }
}

impl ModerationPage {
    const TABS: [(Visibility, &'static str); 4] = [
        (Visibility::Awaiting, "moderation-awaiting"),
        (Visibility::Public, "moderation-public"),
        (Visibility::Hidden, "moderation-hidden"),
        (Visibility::Disqualified, "moderation-disqualified"),
    ];

    fn is(&self, name: &str) -> bool {
        self.shown.as_str() == name
    }
}

async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let shown = wanted.show.as_deref().and_then(|show| show.parse().ok());
    let shown = shown.unwrap_or(Visibility::Awaiting);
    let paging = Paging::new(wanted.page, PER_PAGE);
    let found = app.operations.store.seen_by(shown, paging.length, paging.skipped()).await;
    let found = found.map_err(Refusal::internal)?;
    let address = |page| format!("{PATH}?show={shown}&page={page}");
    let pager = paging.pager(found.items.len(), found.total, address);
    let entries = found.items.into_iter().map(|entry| Shown::of(&app, entry));
    let entries = futures::future::try_join_all(entries).await?;
    let policy = policy_for(entries.first().map(|shown| &shown.made));
    let template = ModerationPage {
        shown,
        pager,
        entries,
        total: found.total,
        undo: ids(wanted.undo.as_deref().unwrap_or_default().split('.')),
        frame,
    };
    let mut response = page(&template.frame, &template)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
