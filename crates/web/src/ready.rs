//! `GET /ready`: everything behind the service answers.

use anb_blob::BlobError;
use anb_http::probe::{passes, word};
use anb_queue::Pulse;
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// `ready` or `unavailable`.
    #[schema(example = "ready")]
    status: &'static str,
    checks: Checks,
}

/// `ok` or `error`; what is wrong stands in the log.
#[derive(Serialize, ToSchema)]
pub struct Checks {
    #[schema(example = "ok")]
    database: &'static str,
    #[schema(example = "ok")]
    queue: &'static str,
    #[schema(example = "ok")]
    storage: &'static str,
    /// Whether the worker in this process still hears from the queue; absent
    /// when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ok")]
    receiving: Option<&'static str>,
}

/// Tells whether database, queue and storage answer, and whether the worker in
/// this process, if there is one, has heard from the queue lately.
#[utoipa::path(
    get, path = "/ready", tag = "operations", operation_id = "ready",
    responses(
        (status = OK, description = "All answer", body = Readiness),
        (status = SERVICE_UNAVAILABLE, description = "Something does not", body = Readiness),
    ),
)]
pub async fn ready(State(app): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let (database, queue, storage) = tokio::join!(
        passes("database", app.store.db().check()),
        passes("queue", app.queue.stats()),
        passes("storage", storage_answers(&app)),
    );
    let receiving = app.receive_pulse.as_deref().map(receives);
    let (status, code) = if database && queue && storage && receiving.unwrap_or(true) {
        ("ready", StatusCode::OK)
    } else {
        ("unavailable", StatusCode::SERVICE_UNAVAILABLE)
    };
    let checks = Checks {
        database: word(database),
        queue: word(queue),
        storage: word(storage),
        receiving: receiving.map(word),
    };
    (code, Json(Readiness { status, checks }))
}

/// Receiving may fail although the queue tells its figures: another permission,
/// another path through the network.
fn receives(pulse: &Pulse) -> bool {
    let stalled_for = pulse.stalled_for();
    if let Some(silence) = stalled_for {
        let silence_s = silence.as_secs();
        tracing::warn!(check = "receiving", silence_s, "not ready");
    }
    stalled_for.is_none()
}

/// That there is no such object is an answer too. Nothing is written: anybody
/// may call this as often as they like.
async fn storage_answers(app: &AppState) -> Result<(), BlobError> {
    let key = format!("{}.ready", app.layout.uploads_prefix());
    match app.blobs.head(&key).await {
        Ok(_) | Err(BlobError::NotFound(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
