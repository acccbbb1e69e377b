//! Before anything is answered: what has the console changed?

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::state::AppState;

/// `/health` asks nobody, or an outage of the database would have every task
/// killed; files do not depend on it.
const REGARDLESS: [&str; 2] = ["/health", "/assets/"];

pub async fn contest(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !REGARDLESS.iter().any(|regardless| path.starts_with(regardless)) {
        app.contest.fresh().await;
    }
    next.run(request).await
}
