//! What metrics tell of refusals, beyond each request.

use anb_telemetry::catalogue::HTTP_PROBLEMS;
use http::StatusCode;

use crate::refusal::Reason;

/// A request was refused, or failed.
pub fn refused(reason: Reason) {
    count(code(reason));
}

/// A form is shown again: what was typed into it cannot be.
pub fn shown_again(status: StatusCode) {
    count(match status {
        StatusCode::UNAUTHORIZED => "unauthenticated",
        StatusCode::CONFLICT => "conflict",
        StatusCode::UNPROCESSABLE_ENTITY => "validation_failed",
        other => code(Reason::of(other)),
    });
}

fn count(code: &'static str) {
    HTTP_PROBLEMS.one(["console".into(), code.into()]);
}

/// As the public service calls it, where it knows the same.
fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Malformed => "malformed_request",
        Reason::NoAccess => "no_access",
        Reason::ForeignPage => "cross_site",
        Reason::NotFound => "not_found",
        Reason::MethodNotAllowed => "method_not_allowed",
        Reason::TooMany => "too_many_requests",
        Reason::Internal => "internal",
        Reason::DatabaseUnavailable => "database_unavailable",
        Reason::QueueUnavailable => "queue_unavailable",
        Reason::OutOfTime => "out_of_time",
        Reason::NoFfmpeg => "no_ffmpeg",
        Reason::ClipBusy => "clip_busy",
        Reason::ClipFailed => "clip_failed",
    }
}
