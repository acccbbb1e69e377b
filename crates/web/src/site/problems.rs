//! `/problems`: what each problem's `type` leads to.

use askama::Template;
use axum::{Router, response::Response, routing::get};

use super::frame::{Frame, page};
use crate::{
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    Router::new().route("/problems", get(problems))
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage<'a> {
    frame: &'a Frame,
    problems: Vec<Explained>,
}

struct Explained {
    code: &'static str,
    status: u16,
    title: String,
    detail: String,
}

async fn problems(frame: Frame) -> Result<Response, Problem> {
    let explain = |code: &Code| Explained {
        code: code.as_str(),
        status: code.status().as_u16(),
        title: code.title().text(frame.language).to_owned(),
        detail: code.detail().text(frame.language).to_owned(),
    };
    let problems = Code::ALL.iter().map(explain).collect();
    page(&frame, &ProblemsPage { frame: &frame, problems })
}
