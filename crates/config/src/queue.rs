//! Where jobs wait.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::check::Report;

/// Which queue carries the jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueKind {
    /// A table in the same database.
    Table,
    /// Within this process; jobs are rebuilt by the reconciler after a restart.
    Memory,
    /// A standard queue of Amazon SQS, with a queue for its dead letters.
    Sqs,
}

/// Section `queue`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueueSettings {
    /// Which queue carries the jobs. Default: `sqs` when `queue.url` is set,
    /// otherwise `table`.
    pub kind: Option<QueueKind>,
    /// Address of the SQS queue; `SQS_QUEUE_URL` in the environment. Region
    /// and credentials are those of the AWS SDK (`AWS_REGION`, the task's
    /// role, a profile), `AWS_ENDPOINT_URL_SQS` leads to another server; a
    /// region in the address wins.
    pub url: Option<Url>,
    /// Address of the SQS queue with the dead letters; `SQS_DLQ_URL` in the
    /// environment. Default: what the queue's redrive policy says.
    pub dlq_url: Option<Url>,
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
        Self { kind: None, url: None, dlq_url: None, visibility_s: 120, wait_s: 20, poll_ms: 500 }
    }
}

impl QueueSettings {
    /// The most that SQS lets a message be hidden: twelve hours from the
    /// receive, less one for a heartbeat that comes late.
    const MAX_VISIBILITY_S: u64 = 39_600;

    /// The queue that was chosen, or that the other settings call for.
    #[must_use]
    pub fn kind(&self) -> QueueKind {
        let called_for = if self.url.is_some() { QueueKind::Sqs } else { QueueKind::Table };
        self.kind.unwrap_or(called_for)
    }

    pub(crate) fn check(&self, report: &mut Report) {
        report.within("queue.visibility_s", self.visibility_s, 1, Self::MAX_VISIBILITY_S);
        report.within("queue.wait_s", self.wait_s, 1, 20);
        report.within("queue.poll_ms", self.poll_ms, 10, 60_000);
        report.require(
            self.kind() != QueueKind::Sqs || self.url.is_some(),
            &["queue.kind", "queue.url"],
            "a queue on SQS needs its address (SQS_QUEUE_URL)",
        );
        report.require(
            self.dlq_url.is_none() || self.url.is_some(),
            &["queue.dlq_url", "queue.url"],
            "dead letters on SQS belong to a queue on SQS; set its address, too (SQS_QUEUE_URL)",
        );
        for (key, url) in [("queue.url", &self.url), ("queue.dlq_url", &self.dlq_url)] {
            report.require(url.as_ref().is_none_or(is_standard_queue), &[key], QUEUE_RULE);
        }
        report.require(
            self.url.is_none() || self.url != self.dlq_url,
            &["queue.url", "queue.dlq_url"],
            "must differ: a dead letter must not be received again",
        );
    }
}

const QUEUE_RULE: &str = "must be the http or https address of a standard queue, like \
                          https://sqs.us-east-1.amazonaws.com/123456789012/name";

/// A FIFO queue, whose name ends in `.fifo`, would not take our messages.
fn is_standard_queue(url: &Url) -> bool {
    let name = url.path_segments().and_then(|mut names| names.next_back()).unwrap_or_default();
    let fifo = name.rsplit_once('.').is_some_and(|(_, suffix)| suffix == "fifo");
    let plain = url.query().is_none() && url.fragment().is_none();
    matches!(url.scheme(), "http" | "https") && !name.is_empty() && !fifo && plain
}
