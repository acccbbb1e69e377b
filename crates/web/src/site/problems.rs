//! `/problems`: what each problem's `type` leads to.

use askama::Template;
use axum::response::Response;

use super::frame::{Frame, page};
use crate::{
    Application, Routes,
    problem::{Code, Problem},
};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/problems", problems)
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
