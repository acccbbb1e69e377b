//! What people see when something cannot be done: the same problems that
//! programs get, as a page that offers a way on.

use std::sync::Arc;

use askama::Template;
use axum::{extract::Request, response::Response};
use http::{Method, StatusCode, header, request::Parts};

use super::{
    frame::{Frame, Viewer, page_with_status},
    policy, session,
};
use crate::{problem::Problem, request::RequestContext, state::AppState};

/// What programs ask for, whatever they say that they accept.
const FOR_PROGRAMS: [&str; 6] =
    ["/api/", "/media/", "/openapi.json", "/health", "/ready", "/assets/"];

/// Who asked for what, kept until it is known what the answer is.
pub struct Asked(Parts);

impl Asked {
    /// `None` when a program asks.
    #[must_use]
    pub fn by_a_person(request: &Request) -> Option<Self> {
        let path = request.uri().path();
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let for_programs = FOR_PROGRAMS.iter().any(|start| path.starts_with(start));
        let person = !for_programs && accepts.is_some_and(|types| types.contains("text/html"));
        person.then(|| {
            let mut parts = Request::new(()).into_parts().0;
            parts.method = request.method().clone();
            parts.uri = request.uri().clone();
            parts.headers = request.headers().clone();
            Self(parts)
        })
    }

    /// The page that tells of a problem.
    pub async fn told(
        mut self,
        app: &AppState,
        context: &RequestContext,
        status: StatusCode,
        problem: &Problem,
    ) -> Option<Response> {
        // Nothing from storage is shown, and storage may be what fails.
        let policy = Arc::new(policy::header(app, None));
        let mut frame = Frame::for_nobody(app, context.language, &self.0.uri, policy);
        // Whoever cannot be looked up sees the page all the same.
        let player = session::player(&mut self.0, app).await.ok().flatten();
        frame.viewer = player.as_ref().map(Viewer::from);
        let code = problem.code;
        let template = RefusalPage {
            frame: &frame,
            status: status.as_u16(),
            title: code.title().text(context.language).to_owned(),
            detail: problem.detail_in(context.language),
            again: self.worth_another_try(status).then_some(frame.here.as_str()),
            request_id: context.id.to_string(),
        };
        page_with_status(status, &frame, &template).ok()
    }

    /// By the same address: what a form sent is not sent again by a link.
    fn worth_another_try(&self, status: StatusCode) -> bool {
        self.0.method == Method::GET && status.is_server_error()
    }
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage<'a> {
    frame: &'a Frame,
    status: u16,
    title: String,
    detail: String,
    /// Where to try again.
    again: Option<&'a str>,
    request_id: String,
}
