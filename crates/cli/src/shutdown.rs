//! Two signals end a service: the first drains, the second aborts (G8).

use anb_worker::Shutdown;
use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for SIGTERM and SIGINT from now on.
///
/// # Errors
/// The handlers cannot be installed.
pub fn on_signals() -> anyhow::Result<Shutdown> {
    let listen = |kind| signal(kind).context("cannot listen for signals");
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    let shutdown = Shutdown::default();
    let cancel = shutdown.clone();
    tokio::spawn(async move {
        next(&mut terminate, &mut interrupt).await;
        tracing::info!("stopping: no new work, what runs may finish; a second signal aborts it");
        cancel.drain.cancel();
        next(&mut terminate, &mut interrupt).await;
        tracing::warn!("aborting: what runs is handed back");
        cancel.abort.cancel();
    });
    Ok(shutdown)
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
