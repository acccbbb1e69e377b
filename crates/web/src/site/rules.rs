//! `/rules`: what a clip must be, when what happens, how votes count; from the
//! settings' own text, or made from the rules in force.

use anb_domain::Contest;
use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};

use super::{
    clip_rules::ClipRules,
    frame::{Frame, page},
    markdown::Text,
};
use crate::{Application, Routes, problem::Problem, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/rules", rules)
}

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage<'a> {
    frame: &'a Frame,
    text: Option<Text>,
    clip: ClipRules<'a>,
    dates: Vec<Date>,
    cut: u32,
    contact: Option<&'a str>,
}

/// A day to remember.
struct Date {
    id: &'static str,
    at: DateTime<Utc>,
}

async fn rules(State(app): State<AppState>, frame: Frame) -> Result<Response, Problem> {
    let settings = app.contest.now();
    let template = RulesPage {
        text: Text::of(&settings.rules_text, frame.language),
        clip: ClipRules::new(&app, &frame),
        dates: dates(&settings.contest()),
        cut: settings.cut_per_city,
        contact: settings.contact_email.as_deref(),
        frame: &frame,
    };
    page(&frame, &template)
}

fn dates(contest: &Contest) -> Vec<Date> {
    let dates = [
        ("pages-submissions-open", contest.submissions.opens_at),
        ("pages-submissions-close", contest.submissions.closes_at),
        ("pages-voting-opens", contest.voting.opens_at),
        ("pages-voting-closes", contest.voting.closes_at),
        ("pages-results-published", contest.results_published_at),
    ];
    dates.into_iter().filter_map(|(id, at)| Some(Date { id, at: at? })).collect()
}
