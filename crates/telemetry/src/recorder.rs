//! Keeps the figures of this process, and renders them for Prometheus.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{
    catalogue::{self, ALL},
    metric::Kind,
    process,
};

/// The figures of this process. Cheap to clone.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

/// Why no figures can be kept.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("figures are kept already")]
    Twice,
}

impl Recorder {
    /// Keeps figures from now on, for the whole process. `version` is the
    /// program's.
    ///
    /// # Errors
    /// Somebody keeps figures already.
    pub fn install(version: &'static str) -> Result<Self, RecorderError> {
        let recorder = builder()?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|_| RecorderError::Twice)?;
        for about in ALL {
            about.describe();
        }
        catalogue::BUILD_INFO.set(1.0, [version.into()]);
        Ok(Self(handle))
    }

    /// Everything, in the
    /// [text format](https://prometheus.io/docs/instrumenting/exposition_formats/) of Prometheus.
    #[must_use]
    pub fn render(&self) -> String {
        process::note();
        self.0.run_upkeep();
        self.0.render()
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let histograms = ALL.iter().filter_map(|about| match about.kind {
        Kind::Histogram(buckets) => Some((about.name, buckets)),
        Kind::Counter | Kind::Gauge => None,
    });
    histograms.into_iter().try_fold(PrometheusBuilder::new(), |builder, (name, buckets)| {
        builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
    })
}
