//! `/console/videos`: every video, by state, city and words.

use anb_domain::{VideoStatus, Visibility};
use anb_store::{FoundVideo, VideoFilter};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Application, Routes,
    frame::{Frame, page},
    paging::{Pager, Paging},
    refusal::Refusal,
    state::AppState,
    words::{self, state, state_of_one},
};

const PER_PAGE: u64 = 25;

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/videos", list)
}

#[derive(Clone, Default, Deserialize, Serialize)]
struct Wanted {
    #[serde(default)]
    status: String,
    /// Who sees it.
    #[serde(default)]
    seen: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    q: String,
    page: Option<u64>,
}

impl Wanted {
    fn status(&self) -> Option<VideoStatus> {
        self.status.parse().ok()
    }

    fn visibility(&self) -> Option<Visibility> {
        self.seen.parse().ok()
    }

    fn paging(&self) -> Paging {
        Paging::new(self.page, PER_PAGE)
    }

    fn filter(&self) -> VideoFilter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        VideoFilter {
            status: self.status(),
            visibility: self.visibility(),
            city: given(&self.city),
            q: given(&self.q),
            limit: PER_PAGE,
            skip: self.paging().skipped(),
        }
    }

    /// The same on another page.
    fn address(&self, page: u64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let Self { status, seen, city, q, page: _ } = self;
        for (name, value) in [("status", status), ("seen", seen), ("city", city), ("q", q)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("/console/videos?{}", query.finish())
    }
}

#[derive(Template)]
#[template(path = "videos.html")]
struct VideosPage {
    frame: Frame,
    wanted: Wanted,
    states: Vec<Choice>,
    visibilities: Vec<Choice>,
    rows: Vec<Row>,
    /// `26–50`, and of how many.
    range: String,
    total: String,
    pager: Pager,
}

struct Choice {
    value: &'static str,
    /// The message that is its name.
    id: &'static str,
    current: bool,
}

struct Row {
    id: String,
    title: String,
    player: String,
    city: String,
    class: &'static str,
    state: &'static str,
    /// Where it is not public: the message that says who sees it.
    seen: Option<&'static str>,
    code: Option<&'static str>,
    votes: u64,
    tries: u32,
    uploaded: Option<DateTime<Utc>>,
}

async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let filter = wanted.filter();
    let found = app.operations.store.find_videos(&filter).await.map_err(Refusal::internal)?;
    let (skipped, shown) = (filter.skip, found.items.len());
    let template = VideosPage {
        states: choices(VideoStatus::ALL, wanted.status(), VideoStatus::as_str, state),
        visibilities: choices(
            Visibility::ALL,
            wanted.visibility(),
            Visibility::as_str,
            words::visibility,
        ),
        range: format!("{}–{}", frame.figure(skipped + 1), frame.figure(skipped + shown as u64)),
        total: frame.figure(found.total),
        pager: wanted.paging().pager(shown, found.total, |page| wanted.address(page)),
        rows: found.items.into_iter().map(Row::from).collect(),
        wanted,
        frame,
    };
    page(&template.frame, &template)
}

/// One of `all`, each with its value in the address and the message that names it.
fn choices<T: Copy + PartialEq>(
    all: impl IntoIterator<Item = T>,
    current: Option<T>,
    value: fn(T) -> &'static str,
    id: fn(T) -> &'static str,
) -> Vec<Choice> {
    let choice = |one| Choice { value: value(one), id: id(one), current: current == Some(one) };
    all.into_iter().map(choice).collect()
}

impl From<FoundVideo> for Row {
    fn from(FoundVideo { video, player, city }: FoundVideo) -> Self {
        Self {
            id: video.id.to_string(),
            player,
            city,
            class: video.status.as_str(),
            state: state_of_one(video.status),
            seen: (video.visibility != Visibility::Public)
                .then(|| words::visibility(video.visibility)),
            code: video.failure.as_ref().map(|failure| failure.code.as_str()),
            votes: video.votes,
            tries: video.tries,
            uploaded: video.uploaded_at,
            title: video.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(status: &str, page: Option<u64>) -> Wanted {
        Wanted { status: status.into(), q: "a&b".into(), page, ..Wanted::default() }
    }

    #[test]
    fn what_is_no_page_and_no_state_shows_all_of_it() {
        for status in ["done", "failed'--", ""] {
            let wanted = wanted(status, Some(0));
            assert_eq!((wanted.status(), wanted.filter().skip), (None, 0), "{status}");
        }
        assert_eq!(wanted("rejected", None).status(), Some(VideoStatus::Rejected));
    }

    #[test]
    fn another_page_keeps_what_was_asked_for() {
        let wanted = Wanted { seen: "hidden".into(), ..wanted("failed", None) };
        let address = wanted.address(2);
        assert_eq!(address, "/console/videos?status=failed&seen=hidden&q=a%26b&page=2");
    }
}
