//! Traces (docs/operations.md#traces).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::check::Report;

/// Section `tracing`: one trace from an upload's request through the queue to
/// the published result, sent to an OpenTelemetry collector.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TracingSettings {
    /// Address of a collector that takes OTLP over HTTP, without `/v1/traces`,
    /// as in `http://localhost:4318`. Headers for it are taken from
    /// `OTEL_EXPORTER_OTLP_HEADERS`. Default empty: nothing is traced.
    pub endpoint: String,
    /// Share of the traces that are kept, from 0 to 1, of those that begin
    /// here. A trace that comes with a request, by the header `traceparent`, is
    /// kept if its sender keeps it. Default 1.
    #[serde(deserialize_with = "crate::number::exact")]
    pub sample_ratio: f64,
}

impl Default for TracingSettings {
    fn default() -> Self {
        Self { endpoint: String::new(), sample_ratio: 1.0 }
    }
}

impl TracingSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        if !self.endpoint.is_empty() {
            match self.endpoint.parse::<Url>() {
                Ok(url) => report.address("tracing.endpoint", Some(&url)),
                Err(error) => report.require(false, &["tracing.endpoint"], error.to_string()),
            }
        }
        report.within("tracing.sample_ratio", self.sample_ratio, 0.0, 1.0);
    }
}
