//! `GET /ready`: database and queue answer.

use anb_http::probe::{passes, word};
use axum::{Json, extract::State};
use http::StatusCode;
use serde_json::{Value, json};

use crate::state::AppState;

pub async fn ready(State(app): State<AppState>) -> (StatusCode, Json<Value>) {
    let (database, queue) = tokio::join!(
        passes("database", app.operations.store.db().check()),
        passes("queue", app.operations.queue.stats()),
    );
    let checks = json!({ "database": word(database), "queue": word(queue) });
    let (code, status) = if database && queue {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    (code, Json(json!({ "status": status, "checks": checks })))
}
