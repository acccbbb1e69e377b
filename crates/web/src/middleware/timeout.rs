//! Ends a request that takes too long, a slow body included.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{
    problem::{Code, Problem},
    state::AppState,
};

pub async fn limit(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let most = Duration::from_secs(app.settings.web.request_timeout_s);
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Problem::new(Code::RequestTimeout).into_response(),
    }
}
