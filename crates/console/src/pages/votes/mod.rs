//! `/console/votes`: what is suspected of votes, and what is decided about it.

mod flag;
mod form;
mod list;
mod timeline;
mod video;
mod vote;

use anb_domain::vote_review::FlagKind;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use uuid::Uuid;

use crate::{
    Application, Routes,
    refusal::{Reason, Refusal},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/votes", list::list)
        .get("/console/votes/{id}", flag::show)
        .post("/console/votes/{id}/dismiss", flag::dismiss)
        .post("/console/votes/{id}/restore", flag::restore)
        .post("/console/votes/{id}/strike", flag::strike)
        .get("/console/videos/{id}/votes", video::show)
        .post("/console/videos/{id}/votes/restore", video::restore)
        .post("/console/videos/{id}/votes/strike", video::strike)
}

/// Votes on one page.
const PER_PAGE: u64 = 100;

/// Extracts the suspicion that a path names. What is no id names none.
struct FlagPath(Uuid);

impl FromRequestParts<AppState> for FlagPath {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let id = Path::<Uuid>::from_request_parts(parts, app).await;
        id.map(|Path(id)| Self(id)).map_err(|_| Refusal::new(Reason::NotFound))
    }
}

/// The messages that name a kind of suspicion, and say why it is one.
fn words(kind: FlagKind) -> [&'static str; 2] {
    match kind {
        FlagKind::Network => ["votes-network", "votes-network-why"],
        FlagKind::Device => ["votes-device", "votes-device-why"],
        FlagKind::Burst => ["votes-burst", "votes-burst-why"],
        FlagKind::Fast => ["votes-fast", "votes-fast-why"],
    }
}

/// The first digits of a keyed hash: enough to see that two are the same.
fn short(hash: Option<&String>) -> String {
    hash.map_or_else(|| "–".to_owned(), |hash| hash.chars().take(6).collect())
}
