//! `/problems`: what each problem's `type` leads to.

use anb_domain::Language;
use askama::Template;
use axum::{extract::State, response::Response};

use super::{Policy, page};
use crate::{
    problem::{Code, Problem},
    request::RequestContext,
    state::AppState,
};

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    language: Language,
    nonce: String,
    problems: Vec<Explained>,
}

struct Explained {
    code: &'static str,
    status: u16,
    title: String,
    detail: String,
}

pub async fn problems(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, Problem> {
    let policy = Policy::of(&app);
    let language = context.language;
    let explain = |code: &Code| Explained {
        code: code.as_str(),
        status: code.status().as_u16(),
        title: code.title().text(language).to_owned(),
        detail: code.detail().text(language).to_owned(),
    };
    let problems = Code::ALL.iter().map(explain).collect();
    let template = ProblemsPage { language, nonce: policy.nonce(), problems };
    page(&app, &policy, &template)
}
