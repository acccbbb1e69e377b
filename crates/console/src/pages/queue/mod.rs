//! `/console/queue`: what waits, what runs, what has failed and why, and what
//! is being made again.

mod now;
mod retry_many;

use std::time::Duration;

use anb_domain::VideoStatus;
use askama::Template;
use axum::{extract::State, response::Response};

pub use self::now::Shared;
use crate::{
    Application, Routes,
    frame::{Frame, page},
    live::{Live, Part, Watcher},
    refusal::Refusal,
    state::AppState,
};

/// Failed videos on the page; more are counted only.
const FAILED: u64 = 50;

/// What others who look have been told a moment ago is told again.
const MAX_AGE: Duration = Duration::from_millis(900);

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/queue", show)
        .get("/console/queue/events", events)
        .post("/console/queue/retry", retry_many::retry)
}

#[derive(Template)]
#[template(path = "queue/page.html")]
struct QueuePage {
    frame: Frame,
    now: String,
    failed: Vec<Failed>,
    /// How many there are in all.
    total: u64,
    dead: Option<u64>,
}

struct Failed {
    id: String,
    title: String,
    code: &'static str,
    /// As its player reads it.
    reason: String,
    tries: u32,
}

async fn show(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let store = &app.operations.store;
    let failed = store.videos([VideoStatus::Failed], FAILED, 0).await.map_err(Refusal::internal)?;
    let now = now::html(&app, &frame, Duration::ZERO).await?;
    // The page is of use without the queue too.
    let dead = app.operations.queue.stats().await.ok().map(|stats| stats.dead);
    let template = QueuePage {
        now,
        total: failed.total,
        failed: failed.items.into_iter().map(|video| Failed::of(video, &frame)).collect(),
        dead,
        frame,
    };
    page(&template.frame, &template)
}

async fn events(watcher: Watcher) -> Response {
    watcher.follow(Queue)
}

struct Queue;

impl Live for Queue {
    const EVERY: Duration = Duration::from_secs(1);

    async fn parts(&self, app: &AppState, frame: &Frame) -> Result<Vec<Part>, Refusal> {
        Ok(vec![Part::new("now", now::html(app, frame, MAX_AGE).await?)])
    }
}

impl Failed {
    fn of(video: anb_store::Video, frame: &Frame) -> Self {
        let failure = video.failure.as_ref();
        Self {
            id: video.id.to_string(),
            code: failure.map(|failure| failure.code.as_str()).unwrap_or_default(),
            reason: failure.map(|failure| failure.sentence(frame.language)).unwrap_or_default(),
            tries: video.tries,
            title: video.title,
        }
    }
}
