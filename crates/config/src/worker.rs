//! How videos are worked on.

use std::{net::SocketAddr, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{QueueSettings, check::Report};

/// Section `worker`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSettings {
    /// Videos worked on at the same time. Default: the number of cores, each
    /// with one encoder thread under backlog; a lone video gets them all. In a
    /// container the cores are its CPU quota, and on ECS those of its task,
    /// rounded down to whole ones, at least one: a thread more than there are
    /// cores is only throttled.
    pub slots: Option<usize>,
    /// The worker's name in attempts and logs. Default: host name and process.
    pub name: Option<String>,
    /// Folder for work in progress; emptied of leftovers at start. Default
    /// `data_dir/work`.
    pub work_dir: Option<PathBuf>,
    /// Megabytes (10⁶ bytes) that must be free in the work folder's file system
    /// for each video worked on; with less, no more videos are taken on until
    /// there is room again. Default: twice the largest upload, for the original
    /// and everything made from it, and 100.
    pub min_free_mb: Option<u64>,
    /// Address and port on which a process that is only a worker answers
    /// `GET /health` and `GET /ready`. Default: none; on ECS `0.0.0.0:8002`.
    #[schemars(with = "Option<String>")]
    pub listen: Option<SocketAddr>,
    /// Seconds between two heartbeats. Default 60, half of the visibility.
    pub heartbeat_s: u64,
    /// Seconds before the second try; the third waits four times as long.
    /// Default 10.
    pub retry_delay_s: u64,
    /// Seconds after SIGTERM in which running videos may still finish before
    /// they are handed back, which takes up to 8 s more. Default 20, so that the
    /// worker is gone within the 30 s that most supervisors wait. On Fargate,
    /// with `stopTimeout` 120, set 100: more is cut to that.
    pub drain_timeout_s: u64,
    /// Seconds between two rounds of the reconciler. Default 30.
    pub reconcile_s: u64,
    /// Seconds between two comparisons of all objects with all rows.
    /// Default 3600.
    pub sweep_s: u64,
    /// Published videos that each worker process lets into the queue at once,
    /// while operators have them made again with a new recipe. None goes while
    /// an upload waits. Default 1; more is faster where a worker has slots to
    /// spare, and a fresh upload may find that many before it.
    pub reprocess_at_once: u64,
    /// Seconds after which an unfinished upload is given up. Default 86400.
    pub upload_ttl_s: u64,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            slots: None,
            name: None,
            work_dir: None,
            min_free_mb: None,
            listen: None,
            heartbeat_s: 60,
            retry_delay_s: 10,
            drain_timeout_s: 20,
            reconcile_s: 30,
            sweep_s: 3600,
            reprocess_at_once: 1,
            upload_ttl_s: 86_400,
        }
    }
}

impl WorkerSettings {
    /// Free megabytes for a video whose original has this many bytes.
    #[must_use]
    pub fn room_for(largest_bytes: u64) -> u64 {
        largest_bytes.div_ceil(1_000_000).saturating_mul(2).saturating_add(100)
    }

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
        report.within("worker.drain_timeout_s", self.drain_timeout_s, 0, 3600);
        report.at_least("worker.reconcile_s", self.reconcile_s, 1);
        report.at_least("worker.sweep_s", self.sweep_s, 1);
        report.within("worker.reprocess_at_once", self.reprocess_at_once, 1, 1000);
        report.at_least("worker.upload_ttl_s", self.upload_ttl_s, 60);
    }
}
