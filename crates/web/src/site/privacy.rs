//! `/privacy`: what becomes of personal data; from the settings' own text, or
//! what this program does with them.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    frame::{Frame, page},
    markdown::Text,
};
use crate::{Application, Routes, problem::Problem, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/privacy", privacy)
}

#[derive(Template)]
#[template(path = "privacy.html")]
struct PrivacyPage<'a> {
    frame: &'a Frame,
    text: Option<Text>,
    session_days: u32,
    keep_hashes_days: u32,
    contact: Option<&'a str>,
}

async fn privacy(State(app): State<AppState>, frame: Frame) -> Result<Response, Problem> {
    let showcase = app.contest.now();
    let template = PrivacyPage {
        text: Text::of(&showcase.privacy_text, frame.language),
        session_days: app.settings.site.session_days,
        keep_hashes_days: app.settings.vote_review.keep_hashes_days,
        contact: showcase.contact_email.as_deref(),
        frame: &frame,
    };
    page(&frame, &template)
}
