//! `/console/videos`: what has failed or was rejected, and why.

use anb_domain::VideoStatus;
use anb_store::Video;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
    words::state_of_one,
};

/// The states in which a video needs somebody.
const LISTED: [VideoStatus; 2] = [VideoStatus::Failed, VideoStatus::Rejected];

const PER_PAGE: u64 = 25;

/// Far enough for anybody, and no number that a database would choke on.
const LAST_PAGE: u64 = 100_000;

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/videos", list)
}

#[derive(Deserialize)]
struct Wanted {
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
    /// The message that is its name.
    id: &'static str,
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
    uploaded: Option<DateTime<Utc>>,
}

async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let (status, number) = (wanted.status(), wanted.page());
    let wanted = status.map_or(LISTED.to_vec(), |one| vec![one]);
    let skipped = (number - 1) * PER_PAGE;
    let found =
        app.operations.store.videos(wanted, PER_PAGE, skipped).await.map_err(Refusal::internal)?;
    let shown = found.items.len() as u64;
    let template = VideosPage {
        tabs: tabs(status),
        range: format!("{}–{}", frame.figure(skipped + 1), frame.figure(skipped + shown)),
        total: frame.figure(found.total),
        newer: (number > 1).then(|| address(status, number - 1)),
        older: (skipped + shown < found.total && shown > 0).then(|| address(status, number + 1)),
        rows: found.items.into_iter().map(|video| Row::of(video, &frame)).collect(),
        frame,
    };
    page(&template.frame, &template)
}

fn tabs(status: Option<VideoStatus>) -> [Tab; 3] {
    let tab = |shown, id| Tab { id, link: address(shown, 1), current: shown == status };
    [
        tab(None, "videos-all"),
        tab(Some(VideoStatus::Failed), "state-failed"),
        tab(Some(VideoStatus::Rejected), "state-rejected"),
    ]
}

fn address(status: Option<VideoStatus>, page: u64) -> String {
    match status {
        Some(status) => format!("/console/videos?status={status}&page={page}"),
        None => format!("/console/videos?page={page}"),
    }
}

impl Row {
    fn of(video: Video, frame: &Frame) -> Self {
        let failure = video.failure.as_ref();
        Self {
            id: video.id.to_string(),
            class: video.status.as_str(),
            state: state_of_one(video.status),
            can_retry: video.status == VideoStatus::Failed,
            reason: failure.map(|failure| failure.sentence(frame.language)).unwrap_or_default(),
            code: failure.map(|failure| failure.code.as_str()).unwrap_or_default(),
            detail: failure.and_then(|failure| failure.detail.clone()),
            tries: video.tries,
            uploaded: video.uploaded_at,
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
