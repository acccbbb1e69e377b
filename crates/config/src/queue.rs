//! Where jobs wait.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Which queue carries the jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueKind {
    /// A table in the same database.
    #[default]
    Table,
    /// Within this process; jobs are rebuilt by the reconciler after a restart.
    Memory,
}

/// Section `queue`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueueSettings {
    /// Which queue carries the jobs.
    pub kind: QueueKind,
    /// Seconds for which a received message is hidden from other workers.
    /// Default 120: twice the heartbeat.
    pub visibility_s: u64,
    /// Seconds that a receive waits for a message. Default 20, the most that
    /// SQS allows.
    pub wait_s: u64,
    /// Milliseconds between two looks into the queue table while waiting;
    /// messages sent by the same process are noticed at once. Default 500.
    pub poll_ms: u64,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self { kind: QueueKind::Table, visibility_s: 120, wait_s: 20, poll_ms: 500 }
    }
}

impl QueueSettings {
    /// The most that SQS allows: twelve hours.
    const MAX_VISIBILITY_S: u64 = 43_200;

    pub(crate) fn check(&self, report: &mut Report) {
        report.within("queue.visibility_s", self.visibility_s, 1, Self::MAX_VISIBILITY_S);
        report.within("queue.wait_s", self.wait_s, 1, 20);
        report.within("queue.poll_ms", self.poll_ms, 10, 60_000);
    }
}
