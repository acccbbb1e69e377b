//! How videos are worked on.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{QueueSettings, check::Report};

/// Section `worker`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSettings {
    /// Videos worked on at the same time. Default: the number of cores, each
    /// with one encoder thread under backlog; a lone video gets them all.
    pub slots: Option<usize>,
    /// The worker's name in attempts and logs. Default: host name and process.
    pub name: Option<String>,
    /// Folder for work in progress; emptied of leftovers at start. Default
    /// `data_dir/work`.
    pub work_dir: Option<PathBuf>,
    /// Seconds between two heartbeats. Default 60, half of the visibility.
    pub heartbeat_s: u64,
    /// Seconds before the second try; the third waits four times as long.
    /// Default 10.
    pub retry_delay_s: u64,
    /// Seconds after SIGTERM in which running videos may still finish before
    /// they are handed back. Default 20.
    pub drain_timeout_s: u64,
    /// Seconds between two rounds of the reconciler. Default 30.
    pub reconcile_s: u64,
    /// Seconds between two comparisons of all objects with all rows.
    /// Default 3600.
    pub sweep_s: u64,
    /// Seconds after which an unfinished upload is given up. Default 86400.
    pub upload_ttl_s: u64,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            slots: None,
            name: None,
            work_dir: None,
            heartbeat_s: 60,
            retry_delay_s: 10,
            drain_timeout_s: 20,
            reconcile_s: 30,
            sweep_s: 3600,
            upload_ttl_s: 86_400,
        }
    }
}

impl WorkerSettings {
    pub(crate) fn check(&self, report: &mut Report, queue: &QueueSettings) {
        if let Some(slots) = self.slots {
            report.at_least("worker.slots", slots, 1);
        }
        let named = self.name.as_ref().is_none_or(|name| !name.trim().is_empty());
        report.require(named, &["worker.name"], "must not be empty");
        report.at_least("worker.heartbeat_s", self.heartbeat_s, 1);
        report.require(
            self.heartbeat_s < queue.visibility_s,
            &["worker.heartbeat_s", "queue.visibility_s"],
            format!(
                "the heartbeat (every {} s) must come before the message becomes visible again \
                 (after {} s)",
                self.heartbeat_s, queue.visibility_s
            ),
        );
        report.within("worker.retry_delay_s", self.retry_delay_s, 0, 3600);
        report.at_least("worker.reconcile_s", self.reconcile_s, 1);
        report.at_least("worker.sweep_s", self.sweep_s, 1);
        report.at_least("worker.upload_ttl_s", self.upload_ttl_s, 60);
    }
}
