//! `/console/videos`: what has failed or was rejected, and why.

use anb_domain::{Language, VideoStatus};
use anb_store::Video;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use crate::{
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
    words::{figure, moment, state_of_one},
};

/// The states in which a video needs somebody.
const LISTED: [VideoStatus; 2] = [VideoStatus::Failed, VideoStatus::Rejected];

const PER_PAGE: u64 = 25;

/// Far enough for anybody, and no number that a database would choke on.
const LAST_PAGE: u64 = 100_000;

#[derive(Deserialize)]
pub struct Wanted {
    status: Option<String>,
    page: Option<u64>,
}

impl Wanted {
    /// One state, or all that are listed.
    fn status(&self) -> Option<VideoStatus> {
        let status = self.status.as_deref()?.parse().ok()?;
        LISTED.contains(&status).then_some(status)
    }

    fn page(&self) -> u64 {
        self.page.unwrap_or(1).clamp(1, LAST_PAGE)
    }
}

#[derive(Template)]
#[template(path = "videos.html")]
struct VideosPage {
    frame: Frame,
    tabs: [Tab; 3],
    rows: Vec<Row>,
    /// `26–50`, and of how many.
    range: String,
    total: String,
    newer: Option<String>,
    older: Option<String>,
}

struct Tab {
    name: &'static str,
    link: String,
    current: bool,
}

struct Row {
    id: String,
    title: String,
    class: &'static str,
    state: &'static str,
    can_retry: bool,
    /// As its player reads it.
    reason: String,
    code: &'static str,
    /// For operators only.
    detail: Option<String>,
    tries: u32,
    uploaded: Option<String>,
}

pub async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let (status, number, language) = (wanted.status(), wanted.page(), frame.language);
    let wanted = status.map_or(LISTED.to_vec(), |one| vec![one]);
    let skipped = (number - 1) * PER_PAGE;
    let found =
        app.operations.store.videos(wanted, PER_PAGE, skipped).await.map_err(Refusal::internal)?;
    let shown = found.items.len() as u64;
    let template = VideosPage {
        tabs: tabs(status, language),
        range: format!("{}–{}", figure(skipped + 1, language), figure(skipped + shown, language)),
        total: figure(found.total, language),
        newer: (number > 1).then(|| address(status, number - 1)),
        older: (skipped + shown < found.total && shown > 0).then(|| address(status, number + 1)),
        rows: found.items.into_iter().map(|video| Row::of(video, language)).collect(),
        frame,
    };
    page(&template.frame, &template)
}

fn tabs(status: Option<VideoStatus>, language: Language) -> [Tab; 3] {
    let tab = |shown, name| Tab { name, link: address(shown, 1), current: shown == status };
    [
        tab(None, language.pick("Todos", "All")),
        tab(Some(VideoStatus::Failed), language.pick("Fallidos", "Failed")),
        tab(Some(VideoStatus::Rejected), language.pick("Rechazados", "Rejected")),
    ]
}

fn address(status: Option<VideoStatus>, page: u64) -> String {
    match status {
        Some(status) => format!("/console/videos?status={status}&page={page}"),
        None => format!("/console/videos?page={page}"),
    }
}

impl Row {
    fn of(video: Video, language: Language) -> Self {
        let failure = video.failure.as_ref();
        Self {
            id: video.id.to_string(),
            class: video.status.as_str(),
            state: state_of_one(video.status, language),
            can_retry: video.status == VideoStatus::Failed,
            reason: failure.map(|failure| failure.sentence(language)).unwrap_or_default(),
            code: failure.map(|failure| failure.code.as_str()).unwrap_or_default(),
            detail: failure.and_then(|failure| failure.detail.clone()),
            tries: video.tries,
            uploaded: video.uploaded_at.map(moment),
            title: video.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_page_and_no_state_of_the_list_shows_all_of_it() {
        for status in ["completed", "failed'--", ""] {
            let wanted = Wanted { status: Some(status.into()), page: Some(0) };
            assert_eq!((wanted.status(), wanted.page()), (None, 1), "{status}");
        }
        let far = Wanted { status: Some("rejected".into()), page: Some(u64::MAX) };
        assert_eq!((far.status(), far.page()), (Some(VideoStatus::Rejected), LAST_PAGE));
    }
}
