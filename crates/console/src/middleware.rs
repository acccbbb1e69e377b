//! What happens to every request, whichever handler gets it.

use std::any::Any;

use anb_http::{fault, origin};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Refuses what another site would have a signed-in browser do.
pub async fn own_pages_only(request: Request, next: Next) -> Result<Response, Refusal> {
    if request.method().is_safe() || origin::is_own(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(Refusal::new(Reason::ForeignPage))
    }
}

/// Ends a request that takes too long. What it was to do may be done all the
/// same, or half of it.
pub async fn limit_time(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    tokio::time::timeout(app.request_timeout, next.run(request))
        .await
        .map_err(|_elapsed| Refusal::new(Reason::OutOfTime))
}

/// For [`tower_http::catch_panic::CatchPanicLayer::custom`].
#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
pub fn answer_panic(payload: Box<dyn Any + Send>) -> Response {
    Refusal::internal(fault::of_panic(payload.as_ref())).into_response()
}
