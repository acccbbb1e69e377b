//! `GET /health`: the process is alive. For load balancers: it asks nobody,
//! or an outage of the database would have every task killed.

use axum::Json;
use serde_json::{Value, json};

pub async fn health() -> Json<Value> {
    Json(json!({ "status": "healthy", "version": env!("CARGO_PKG_VERSION") }))
}
