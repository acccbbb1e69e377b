//! How full the queue is.

use std::{sync::Arc, time::Duration};

use anb_domain::Clock;
use anb_queue::{JobQueue, QueueStats};
use anb_store::Store;
use chrono::{DateTime, Utc};

use crate::{OperationError, Operations};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueStatus {
    pub stats: QueueStats,
    /// Messages that wait in the outbox.
    pub unsent: u64,
    /// What the queue tells, or else how long the oldest video that waits for
    /// its message has done so: SQS tells its metrics only.
    pub oldest_age: Option<Duration>,
}

impl Operations {
    pub async fn queue_status(&self) -> Result<QueueStatus, OperationError> {
        QueueStatus::of(&self.store, &self.queue, &self.clock).await
    }
}

impl QueueStatus {
    pub(crate) async fn of(
        store: &Store,
        queue: &Arc<dyn JobQueue>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, OperationError> {
        let stats = queue.stats().await?;
        let oldest_age = oldest_age(store, clock.now(), &stats).await?;
        let (unsent, _) = store.outbox_backlog().await?;
        Ok(Self { stats, unsent, oldest_age })
    }
}

async fn oldest_age(
    store: &Store,
    now: DateTime<Utc>,
    stats: &QueueStats,
) -> Result<Option<Duration>, OperationError> {
    if stats.oldest_age.is_some() || stats.is_empty() {
        return Ok(stats.oldest_age);
    }
    let oldest = store.waiting_videos(now, 1).await?.into_iter().next();
    Ok(oldest.map(|video| (now - video.queued_at).to_std().unwrap_or_default()))
}

/// `42 s`, `3 min`, `5 h`, `2 d`: the largest unit that makes it two or more.
#[must_use]
pub fn humanly(age: Duration) -> String {
    let seconds = age.as_secs();
    let units = [(86_400, "d"), (3600, "h"), (60, "min")];
    let unit = units.into_iter().find(|(length, _)| seconds >= 2 * length);
    let (length, name) = unit.unwrap_or((1, "s"));
    format!("{} {name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_units_that_fit() {
        let ages = [0, 59, 119, 120, 7_199, 7_200, 172_800];
        let ages = ages.map(|seconds| humanly(Duration::from_secs(seconds)));
        assert_eq!(ages, ["0 s", "59 s", "119 s", "2 min", "119 min", "2 h", "2 d"]);
    }
}
