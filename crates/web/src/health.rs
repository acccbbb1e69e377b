//! `GET /health`: the process is alive. For load balancers: it asks nobody,
//! or an outage of the database would have every task killed.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "healthy")]
    status: &'static str,
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Tells that the service is up.
#[utoipa::path(
    get, path = "/health", tag = "operations", operation_id = "health",
    responses((status = OK, description = "Up", body = Health)),
)]
pub async fn health() -> Json<Health> {
    Json(Health { status: "healthy", version: env!("CARGO_PKG_VERSION") })
}
