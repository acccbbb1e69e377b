//! A handler that panics answers like any other fault of ours.

use std::any::Any;

use anb_http::fault;
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

/// For [`tower_http::catch_panic::CatchPanicLayer::custom`].
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
pub fn answer(payload: Box<dyn Any + Send>) -> Response {
    Problem::internal(fault::of_panic(payload.as_ref())).into_response()
}
