//! `GET /health` and `GET /ready` of a process that is only a worker, and the
//! warning when it hears nothing from the queue.

use std::{convert::Infallible, future::pending, net::TcpListener, sync::Arc, time::Duration};

use anb_queue::Pulse;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;
use tokio::time::{sleep, timeout};

use crate::slots::Worker;

/// A check that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(3);

/// Between two looks at the pulse.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Readiness {
    /// `ready` or `unavailable`.
    status: &'static str,
    checks: Checks,
}

/// `ok` or `error`; what is wrong stands in the log.
#[derive(Serialize)]
struct Checks {
    database: &'static str,
    /// Whether the queue was heard from lately, or need not be because every
    /// slot is taken.
    receiving: &'static str,
}

/// Answers on `listener` for as long as this is polled.
pub(crate) async fn serve(worker: &Arc<Worker>, listener: Option<TcpListener>) -> Infallible {
    if let Some(listener) = listener
        && let Err(error) = answer(Arc::clone(worker), listener).await
    {
        // The videos matter more.
        tracing::error!(%error, "health is not served");
    }
    pending().await
}

#[expect(clippy::disallowed_methods, reason = "no application: its routes are not in the table")]
async fn answer(worker: Arc<Worker>, listener: TcpListener) -> std::io::Result<()> {
    let router =
        Router::new().route("/health", get(health)).route("/ready", get(ready)).with_state(worker);
    listener.set_nonblocking(true)?;
    axum::serve(tokio::net::TcpListener::from_std(listener)?, router).await
}

/// The process is alive: it asks nobody, or an outage of the database would
/// have every task killed.
async fn health() -> Json<Health> {
    Json(Health { status: "healthy", version: env!("CARGO_PKG_VERSION") })
}

async fn ready(State(worker): State<Arc<Worker>>) -> (StatusCode, Json<Readiness>) {
    let (database, receiving) = (database_answers(&worker).await, receives(&worker));
    let word = |passed| if passed { "ok" } else { "error" };
    let checks = Checks { database: word(database), receiving: word(receiving) };
    if database && receiving {
        (StatusCode::OK, Json(Readiness { status: "ready", checks }))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(Readiness { status: "unavailable", checks }))
    }
}

async fn database_answers(worker: &Worker) -> bool {
    match timeout(LONGEST, worker.context.store.db().check()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(check = "database", %error, "not ready");
            false
        }
        Err(_elapsed) => {
            tracing::warn!(check = "database", error = "no answer in time", "not ready");
            false
        }
    }
}

/// The log has been told by [`watch`].
fn receives(worker: &Worker) -> bool {
    worker.context.pulse.stalled_for().is_none()
}

/// Tells the log, once, when nothing was heard from the queue for two minutes,
/// and when that is over.
pub(crate) async fn watch(pulse: &Pulse) -> Infallible {
    let mut told = false;
    loop {
        sleep(LOOK_AGAIN).await;
        told = tell(pulse, told);
    }
}

/// Returns whether the log knows of a stall.
fn tell(pulse: &Pulse, told: bool) -> bool {
    let stalled_for = pulse.stalled_for();
    match stalled_for {
        Some(silence) if !told => {
            tracing::warn!(silence_s = silence.as_secs(), "receiving has stalled");
        }
        None if told => tracing::info!("receiving again"),
        _ => {}
    }
    stalled_for.is_some()
}
