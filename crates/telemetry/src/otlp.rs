//! Traces on their way to a collector, by
//! [OTLP over HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp).
//!
//! Spans wait in a queue of their own and are sent by a thread of their own. A
//! queue that is full drops them: whatever a collector does, no request and no
//! job waits for it, and the end of the process for a second at most.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter as Otlp, WithExportConfig as _};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{
        BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, SpanExporter,
    },
};
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// Spans that may wait; more are dropped.
const QUEUED: usize = 4096;
const BATCH: usize = 512;
const PERIOD: Duration = Duration::from_secs(2);
/// A collector that takes longer for a batch has lost it.
const PATIENCE: Duration = Duration::from_secs(5);
/// For the last spans when the process ends.
const LAST_SPANS: Duration = Duration::from_millis(800);

/// Where traces go, and how many of them.
#[derive(Debug, Clone)]
pub struct Collector {
    /// Without `/v1/traces`.
    pub endpoint: String,
    pub service: &'static str,
    pub version: &'static str,
    /// From 0 to 1, of the traces that begin here. Those that come with a
    /// request are continued as they are.
    pub ratio: f64,
}

/// Sends what is left when it is dropped.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Collector {
    /// Takes up the spans of this program from now on.
    ///
    /// # Errors
    /// The endpoint is none.
    pub fn layer<S>(&self) -> Result<(impl Layer<S> + use<S>, Traces), ExporterBuildError>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let provider = self.provider()?;
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("anb-video"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            // What libraries do inside is theirs, and what the exporter does
            // would have itself exported.
            .with_filter(Targets::new().with_target("anb_", tracing::Level::INFO));
        Ok((layer, Traces(provider)))
    }

    fn provider(&self) -> Result<SdkTracerProvider, ExporterBuildError> {
        let endpoint = format!("{}/v1/traces", self.endpoint.trim_end_matches('/'));
        let exporter =
            Otlp::builder().with_http().with_endpoint(endpoint).with_timeout(PATIENCE).build()?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUED)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(PERIOD)
            .build();
        let exporter = Heard { inner: exporter, out: AtomicBool::new(false) };
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        let resource = Resource::builder()
            .with_service_name(self.service)
            .with_attribute(opentelemetry::KeyValue::new("service.version", self.version))
            .build();
        let own = Sampler::TraceIdRatioBased(self.ratio);
        Ok(SdkTracerProvider::builder()
            .with_sampler(Sampler::ParentBased(Box::new(own)))
            .with_resource(resource)
            .with_span_processor(processor)
            .build())
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_SPANS) {
            tracing::warn!(%error, "last traces not sent");
        }
    }
}

/// Tells the log, once, when the collector is out, and when it is back.
#[derive(Debug)]
struct Heard<E> {
    inner: E,
    out: AtomicBool,
}

impl<E: SpanExporter> SpanExporter for Heard<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let result = self.inner.export(batch).await;
        match (&result, self.out.swap(result.is_err(), Ordering::Relaxed)) {
            (Err(error), false) => tracing::warn!(%error, "traces not sent"),
            (Ok(()), true) => tracing::info!("traces sent again"),
            _ => {}
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
