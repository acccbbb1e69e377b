//! Asks ECS not to end this task while it works
//! ([task scale-in protection](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html)).

use std::{convert::Infallible, future::pending, time::Duration};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{host::Host, outage::Outage};

/// Protection ends by itself after so long, should we hang.
const EXPIRES_IN_MINUTES: u32 = 20;

/// Renewed in good time: two tries may fail.
const RENEW_AFTER: Duration = Duration::from_mins(EXPIRES_IN_MINUTES as u64 / 4);

/// Between two jobs of a backlog a worker is idle for as long as a receive
/// takes; that is not worth two requests.
const LINGER: Duration = Duration::from_secs(1);

/// Protection of the task from being scaled in.
pub(crate) struct Protection {
    url: String,
    client: reqwest::Client,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Order {
    protection_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_minutes: Option<u32>,
}

/// `protection` when it was done; otherwise `failure` or `error`, whatever the
/// status.
#[derive(Deserialize)]
struct Answer {
    protection: Option<serde_json::Value>,
    #[serde(alias = "error")]
    failure: Option<serde_json::Value>,
}

#[derive(Debug, Error)]
enum ProtectionError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the agent refuses: {0}")]
    Refused(String),
}

impl ProtectionError {
    /// An answer that did not arrive may have been a yes.
    fn changed_nothing(&self) -> bool {
        match self {
            Self::Http(error) => error.is_connect(),
            Self::Refused(_) => true,
        }
    }
}

impl Protection {
    /// `None` where there is no agent to ask.
    pub(crate) fn at(host: &Host) -> Option<Self> {
        let agent = host.ecs_agent.as_deref()?;
        let url = format!("{agent}/task-protection/v1/state");
        match super::client() {
            Ok(client) => Some(Self { url, client }),
            Err(error) => {
                tracing::warn!(%error, "task protection not available");
                None
            }
        }
    }

    /// Keeps the task protected while `running` counts jobs. Whoever drops this
    /// waits for nothing; a task that stops needs no protection.
    pub(crate) async fn keep(&self, mut running: watch::Receiver<usize>) -> Infallible {
        let mut outage = Outage::of("task protection");
        // What ECS thinks of us, as far as we know.
        let mut protected = Some(false);
        loop {
            wait_for_a_change(&mut running, protected).await;
            let wanted = is_busy(&running);
            match self.set(wanted).await {
                Ok(()) => {
                    outage.over();
                    protected = Some(wanted);
                }
                Err(error) => {
                    protected = (wanted && error.changed_nothing()).then_some(false);
                    sleep(outage.note(&error)).await;
                }
            }
        }
    }

    async fn set(&self, enabled: bool) -> Result<(), ProtectionError> {
        let expires_in_minutes = enabled.then_some(EXPIRES_IN_MINUTES);
        let order = Order { protection_enabled: enabled, expires_in_minutes };
        let answer = self.client.put(&self.url).json(&order).send().await?;
        let status = answer.status();
        let answer: Answer = answer.json().await?;
        if answer.protection.is_some() {
            tracing::debug!(enabled, "task protection set");
            return Ok(());
        }
        let reason = answer.failure.unwrap_or_default();
        Err(ProtectionError::Refused(format!("{status} {reason}")))
    }
}

/// Returns when ECS should be told something else than `protected`, or the
/// same once more before it expires.
async fn wait_for_a_change(running: &mut watch::Receiver<usize>, protected: Option<bool>) {
    match protected {
        None => {}
        Some(false) => when(running, |jobs| jobs > 0).await,
        Some(true) => {
            let _ = timeout(RENEW_AFTER, idle_for_good(running)).await;
        }
    }
}

async fn idle_for_good(running: &mut watch::Receiver<usize>) {
    loop {
        when(running, |jobs| jobs == 0).await;
        if timeout(LINGER, when(running, |jobs| jobs > 0)).await.is_err() {
            return;
        }
    }
}

async fn when(running: &mut watch::Receiver<usize>, holds: impl Fn(usize) -> bool) {
    if running.wait_for(|jobs| holds(*jobs)).await.is_err() {
        // The worker is gone.
        pending::<()>().await;
    }
}

fn is_busy(running: &watch::Receiver<usize>) -> bool {
    *running.borrow() > 0
}
