//! Sends what is due, each endpoint in a line of its own: one that is slow or
//! gone holds up nobody else.

use std::{sync::Arc, time::Duration};

use anb_contest::Contest;
use anb_domain::Clock;
use anb_store::{Delivery, Endpoint, EndpointId, Store, StoreError};
use chrono::TimeDelta;
use futures::future::join_all;
use tokio::time::{Instant, sleep};
use tokio_util::{sync::CancellationToken, task::JoinMap};

use crate::{Post, Secrets};

/// Between two looks at what is due.
const PERIOD: Duration = Duration::from_secs(1);

/// Between two looks at the calendar, and at what is old.
const CALENDAR: Duration = Duration::from_secs(15);

/// Events that are sent to one endpoint at the same time.
const AT_ONCE: u64 = 4;

/// For how long a delivery is ours, beyond the time that a send may take.
const LEASE: Duration = Duration::from_mins(1);

/// Sends events until it is told to stop. What it is just sending then is sent
/// again by another: receivers tell repetitions by `webhook-id`.
#[derive(Clone)]
pub struct Sender {
    pub store: Store,
    pub post: Arc<Post>,
    pub secrets: Arc<Secrets>,
    pub clock: Arc<dyn Clock>,
    pub contest: Contest,
    /// For how long events and their deliveries are kept.
    pub keep: Duration,
}

impl Sender {
    /// Sends whatever is due, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        stop.run_until_cancelled(self.rounds()).await;
    }

    async fn rounds(&self) {
        let mut lines = JoinMap::new();
        let mut calendar = Instant::now();
        let mut database_answers = true;
        loop {
            let mut looked = self.open_lines(&mut lines).await;
            if looked.is_ok() && calendar <= Instant::now() {
                calendar = Instant::now() + CALENDAR;
                looked = self.look_at_the_calendar().await;
            }
            if let Err(error) = &looked
                && database_answers
            {
                tracing::warn!(%error, "no events sent until the database answers");
            }
            database_answers = looked.is_ok();
            tokio::select! {
                Some(_ended) = lines.join_next() => {}
                () = sleep(PERIOD) => {}
            }
        }
    }

    async fn open_lines(&self, lines: &mut JoinMap<EndpointId, ()>) -> Result<(), StoreError> {
        for endpoint in self.store.endpoints_with_deliveries_due().await? {
            if lines.contains_key(&endpoint) {
                continue;
            }
            let sender = self.clone();
            lines.spawn(endpoint, async move {
                if let Err(error) = sender.send_due(endpoint).await {
                    tracing::warn!(%error, endpoint = %endpoint.0, "events not sent");
                }
            });
        }
        Ok(())
    }

    /// Sends an endpoint all that is due to it. Returns how many sends it were.
    pub async fn send_due(&self, id: EndpointId) -> Result<u64, StoreError> {
        let mut sends = 0;
        loop {
            let endpoint = self.store.endpoint(id).await?.filter(|endpoint| endpoint.active);
            let Some(endpoint) = endpoint else { return Ok(sends) };
            let due = self.store.take_deliveries(id, AT_ONCE, LEASE).await?;
            if due.is_empty() {
                return Ok(sends);
            }
            let sent = join_all(due.iter().map(|delivery| self.send(delivery, &endpoint))).await;
            sends += sent.len() as u64;
            sent.into_iter().collect::<Result<(), _>>()?;
        }
    }

    async fn send(&self, delivery: &Delivery, endpoint: &Endpoint) -> Result<(), StoreError> {
        let now = self.clock.now();
        let secrets = self.secrets.in_force(endpoint, now);
        let (send, then) = self.post.send(delivery, endpoint, &secrets, now).await;
        #[cfg(debug_assertions)]
        fail::fail_point!("webhooks::answered");
        tracing::info!(
            endpoint = %endpoint.id.0,
            event = %delivery.event,
            kind = %delivery.kind,
            status = send.status,
            error = send.error,
            outcome = ?then,
            "event sent"
        );
        self.store.note_send(delivery, &send, then).await
    }

    /// Announces what happens by itself, and forgets what is old.
    pub async fn look_at_the_calendar(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        // Of this moment: what is told cannot be taken back.
        let contest = self.contest.latest().await?;
        let closed_at = contest.voting.closes_at.filter(|closes| *closes <= now);
        if let Some(closed_at) = closed_at
            && self.store.announce_closing(&contest.name, closed_at).await?
        {
            tracing::info!(%closed_at, "contest closed");
        }
        let keep = TimeDelta::from_std(self.keep).unwrap_or(TimeDelta::MAX);
        if let Some(before) = now.checked_sub_signed(keep) {
            self.store.forget_events(before).await?;
        }
        Ok(())
    }
}
