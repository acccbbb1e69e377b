//! What is told of the service in figures (docs/metrics.md).

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `metrics`: figures for Prometheus and `CloudWatch`, see
/// [metrics.md](metrics.md).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsSettings {
    /// Address and port on which `GET /metrics` answers, and nothing else; each
    /// process needs its own, `anb-video run` one for all of its parts. It tells
    /// strangers how busy the service is, so that it belongs where only
    /// Prometheus reaches it, as on `127.0.0.1:9464`. By default nobody is
    /// answered.
    #[schemars(with = "Option<String>")]
    pub listen: Option<SocketAddr>,
    /// Seconds between two looks at queue, outbox, videos and connections. Each
    /// process looks for itself, however often it is scraped. Default 15.
    pub sample_s: u64,
    /// Connections at the same time; more wait in the backlog. Default 16.
    pub max_connections: usize,
    /// Whether the figures that `CloudWatch`'s alarms need go to the log once a
    /// minute, in its embedded metric format. By default on ECS only.
    pub emf: Option<bool>,
    /// The dimension `Project` of `CloudWatch`'s figures, by which two
    /// deployments in one account are told apart. Default `anb-video`.
    pub emf_project: String,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            listen: None,
            sample_s: 15,
            max_connections: 16,
            emf: None,
            emf_project: "anb-video".into(),
        }
    }
}

impl MetricsSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        report.within("metrics.sample_s", self.sample_s, 5, 300);
        report.within("metrics.max_connections", self.max_connections, 1, 1024);
        let project = !self.emf_project.is_empty() && self.emf_project.len() <= 100;
        report.require(project, &["metrics.emf_project"], "must have 1 to 100 characters");
    }
}
