//! A handler that panics answers like any other fault of ours.

use std::{any::Any, io};

use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

/// For [`tower_http::catch_panic::CatchPanicLayer::custom`].
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
pub fn answer(payload: Box<dyn Any + Send>) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(io::Error::other(format!("the handler panicked: {message}"))).into_response()
}
