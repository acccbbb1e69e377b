//! `/console/dead-letters`: messages that were received three times in vain.

use anb_ops::{About, Letter, OperationError};
use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};

use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
    words::state_of_one,
};

/// The oldest; more are counted only.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "dead_letters.html")]
struct DeadLettersPage {
    frame: Frame,
    rows: Vec<Row>,
    shown: String,
    total: String,
}

struct Row {
    message_id: String,
    sent: DateTime<Utc>,
    class: &'static str,
    /// The message that says what has become of it.
    state: &'static str,
    title: Option<String>,
    video_id: Option<String>,
    /// As its player reads it.
    reason: Option<String>,
    /// What is wrong with a body that is no job.
    poison: Option<String>,
}

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/dead-letters", list)
}

async fn list(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let letters = app.operations.letters(SHOWN).await?;
    let stats = app.operations.queue.stats().await.map_err(OperationError::from)?;
    let shown = letters.len() as u64;
    let template = DeadLettersPage {
        rows: letters.into_iter().map(|letter| Row::of(letter, &frame)).collect(),
        shown: frame.figure(shown),
        // A worker may be looking at the others just now.
        total: frame.figure(stats.dead.max(shown)),
        frame,
    };
    page(&template.frame, &template)
}

impl Row {
    fn of(Letter { letter, about }: Letter, frame: &Frame) -> Self {
        let row = Self {
            message_id: letter.message_id,
            sent: letter.sent_at,
            class: "unknown",
            state: "",
            title: None,
            video_id: None,
            reason: None,
            poison: None,
        };
        match about {
            About::Poison(why) => {
                Self { class: "poison", state: "dead-letters-no-job", poison: Some(why), ..row }
            }
            About::Unknown(id) => {
                Self { state: "dead-letters-unknown", video_id: Some(id.to_string()), ..row }
            }
            About::Video(video) => Self {
                class: video.status.as_str(),
                state: state_of_one(video.status),
                video_id: Some(video.id.to_string()),
                reason: video.failure.as_ref().map(|failure| failure.sentence(frame.language)),
                title: Some(video.title),
                ..row
            },
        }
    }
}
