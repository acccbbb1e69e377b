//! Receive → claim → process → publish, with heartbeat, retry and drain; the
//! outbox relay and the reconciler.
//!
//! Whatever dies, and wherever, each video still ends `completed`, `rejected`
//! or `failed`, once, and leaves no object without a row: docs/architecture.md
//! says which part sees to which guarantee.

mod attempt;
mod busy;
mod crash;
mod ecs;
mod health;
mod home;
mod host;
mod job;
mod lease;
mod measure;
mod message;
mod outage;
mod pace;
mod pipeline;
mod presence;
mod room;
mod share;
mod slots;
mod terms;
mod upkeep;

pub mod reconcile;
pub mod relay;

use std::{net::TcpListener, path::PathBuf, sync::Arc, time::Duration};

use anb_blob::BlobStore;
use anb_config::WorkerSettings;
use anb_domain::{Approval, Clock, IdSource, keys::KeyLayout, vote_review::ReviewRules};
use anb_media::Transcoder;
use anb_queue::{DeadLetters, JobQueue, Pulse};
use anb_store::Store;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use presence::Presence;

pub use crash::CrashPoint;
#[cfg(debug_assertions)]
pub use crash::reached;
pub use host::{FreeSpace, Host};
pub use terms::ContestTerms;

/// What a worker works with.
pub struct WorkerContext {
    pub store: Store,
    pub blobs: Arc<dyn BlobStore>,
    pub queue: Arc<dyn JobQueue>,
    pub dead_letters: Arc<dyn DeadLetters>,
    pub transcoder: Arc<dyn Transcoder>,
    pub layout: KeyLayout,
    pub settings: WorkerSettings,
    /// Which results an operator looks at before everybody does.
    pub approval: Approval,
    /// When votes are flagged for review.
    pub vote_review: ReviewRules,
    /// For how long the queue hides a message that was received; also the
    /// length of a lease.
    pub visibility: Duration,
    /// How long links to results are good: what was replaced stays as long.
    pub link_ttl: Duration,
    /// How long one receive waits for a message.
    pub wait: Duration,
    /// Beats with every receive that succeeds.
    pub pulse: Arc<Pulse>,
    /// Where `GET /health` and `GET /ready` are answered, if anywhere.
    pub listener: Option<TcpListener>,
    /// Where each worker of this machine has its folder.
    pub work_dir: PathBuf,
    pub host: Host,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

/// The two signals that end a worker.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    /// Stop receiving, finish what fits into the drain timeout, hand the rest
    /// back: the first SIGTERM.
    pub drain: CancellationToken,
    /// Hand everything back at once: the second SIGTERM.
    pub abort: CancellationToken,
}

/// Why a worker could not start.
#[derive(Debug, Error)]
pub enum WorkerError {
    #[error("the work folder {folder:?} cannot be used: {source}")]
    WorkFolder { folder: PathBuf, source: std::io::Error },
}

/// Works on videos until `shutdown` says otherwise: job slots, and the upkeep
/// that mends what others have left behind.
///
/// Dropping the future is like killing the process: nothing is handed back,
/// the next worker on this machine takes over.
///
/// # Errors
/// [`WorkerError`] before the first job. Later, outages of the database, the
/// queue or the storage are waited out.
pub async fn run(mut context: WorkerContext, shutdown: Shutdown) -> Result<(), WorkerError> {
    let home = home::Home::open(&context).await?;
    let task = ecs::Task::of(&context.host).await;
    let listener = context.listener.take();
    let worker = Arc::new(slots::Worker::new(context, home, task));
    tracing::info!(
        worker = worker.name(),
        slots = worker.slots(),
        cores = worker.cores(),
        "worker started"
    );
    measure::begin(worker.slots());
    upkeep::take_over_from_the_dead(&worker).await;
    let (presence, sampler) = (Presence::of(&worker), sampler(&worker.context));
    tokio::select! {
        () = worker.work(&shutdown) => {}
        () = upkeep::run(&worker) => {}
        never = presence.keep() => match never {},
        never = sampler.run() => match never {},
        never = pace::run(&worker) => match never {},
        never = worker.keep_protected() => match never {},
        never = health::serve(&worker, listener) => match never {},
        never = measure::watch(&worker) => match never {},
        never = health::watch(&worker.context.pulse) => match never {},
    }
    presence.end().await;
    upkeep::leave(&worker).await;
    tracing::info!(worker = worker.name(), "worker stopped");
    Ok(())
}

fn sampler(context: &WorkerContext) -> anb_ops::Sampler {
    anb_ops::Sampler {
        store: context.store.clone(),
        queue: Arc::clone(&context.queue),
        clock: Arc::clone(&context.clock),
    }
}
