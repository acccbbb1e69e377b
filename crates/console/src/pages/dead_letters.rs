//! `/console/dead-letters`: messages that were received three times in vain.

use anb_domain::Language;
use anb_ops::{About, Letter, OperationError};
use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
    words::{figure, moment, state_of_one},
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
    sent: String,
    class: &'static str,
    state: &'static str,
    title: Option<String>,
    video_id: Option<String>,
    /// As its player reads it.
    reason: Option<String>,
    /// What is wrong with a body that is no job.
    poison: Option<String>,
}

pub async fn list(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let letters = app.operations.letters(SHOWN).await?;
    let stats = app.operations.queue.stats().await.map_err(OperationError::from)?;
    let (language, shown) = (frame.language, letters.len() as u64);
    let template = DeadLettersPage {
        rows: letters.into_iter().map(|letter| Row::of(letter, language)).collect(),
        shown: figure(shown, language),
        // A worker may be looking at the others just now.
        total: figure(stats.dead.max(shown), language),
        frame,
    };
    page(&template.frame, &template)
}

impl Row {
    fn of(Letter { letter, about }: Letter, language: Language) -> Self {
        let row = Self {
            message_id: letter.message_id,
            sent: moment(letter.sent_at),
            class: "unknown",
            state: "",
            title: None,
            video_id: None,
            reason: None,
            poison: None,
        };
        match about {
            About::Poison(why) => Self {
                class: "poison",
                state: language.pick("no es un trabajo", "no job"),
                poison: Some(why),
                ..row
            },
            About::Unknown(id) => Self {
                state: language.pick("vídeo desconocido", "no such video"),
                video_id: Some(id.to_string()),
                ..row
            },
            About::Video(video) => Self {
                class: video.status.as_str(),
                state: state_of_one(video.status, language),
                video_id: Some(video.id.to_string()),
                reason: video.failure.as_ref().map(|failure| failure.sentence(language)),
                title: Some(video.title),
                ..row
            },
        }
    }
}
