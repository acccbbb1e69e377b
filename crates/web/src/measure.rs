//! What metrics tell of uploads and votes, beyond each request.

use anb_telemetry::catalogue::{
    HTTP_PROBLEMS, UPLOAD_BYTES_TOTAL, UPLOAD_SIZE, UPLOADS_ACCEPTED, UPLOADS_REFUSED, VOTES,
    VOTES_REFUSED,
};
use http::{Method, StatusCode};

use crate::problem::Code;

/// How an original comes to us.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// In one request.
    Form,
    /// By signed links.
    Parts,
}

impl Way {
    fn label(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Parts => "parts",
        }
    }
}

/// An original is safe with us.
pub fn accepted(way: Way, size_bytes: u64) {
    let way = || [way.label().into()];
    UPLOADS_ACCEPTED.one(way());
    UPLOAD_BYTES_TOTAL.add(size_bytes, way());
    UPLOAD_SIZE.observe(size_bytes as f64, way());
}

/// A request was answered with a problem.
pub fn problem(method: &Method, route: &str, code: Code) {
    HTTP_PROBLEMS.one(["web".into(), code.as_str().into()]);
    match (method, route) {
        (&Method::POST, "/api/videos/upload" | "/upload") => upload_refused(Way::Form, code),
        (&Method::POST, "/api/uploads" | "/api/uploads/{id}/complete") => {
            upload_refused(Way::Parts, code);
        }
        (&Method::POST | &Method::DELETE, "/api/public/videos/{id}/vote" | "/videos/{id}/vote") => {
            vote_refused(code);
        }
        _ => {}
    }
}

/// A form of the site is shown again: what was typed into it cannot be.
pub fn shown_again(status: StatusCode) {
    HTTP_PROBLEMS.one(["web".into(), Code::of_status(status).as_str().into()]);
}

pub fn upload_refused(way: Way, code: Code) {
    UPLOADS_REFUSED.one([way.label().into(), code.as_str().into()]);
}

pub fn vote_cast() {
    VOTES.one(["cast".into()]);
}

pub fn vote_withdrawn() {
    VOTES.one(["withdraw".into()]);
}

pub fn vote_refused(code: Code) {
    VOTES_REFUSED.one([code.as_str().into()]);
}
