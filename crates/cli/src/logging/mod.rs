//! What is written about what happens, by the rules of docs/logging.md. To
//! standard error: standard output belongs to what a command was asked for.

mod json;

use std::io::{IsTerminal as _, stderr};

use anb_config::{Loaded, LogFormat};
use anb_telemetry::otlp::{Collector, Traces};
use anyhow::Context as _;
use tracing_subscriber::{
    EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::{faults, outside::Role};

/// Writes the log from now on.
///
/// # Errors
/// `log.filter` is no filter.
pub fn init(loaded: &Loaded) -> anyhow::Result<()> {
    init_with(loaded, None).map(drop)
}

/// The same for a service, whose spans may go to a collector as well: what is
/// left of them when the result is dropped.
///
/// # Errors
/// `log.filter` is no filter, `tracing.endpoint` no endpoint.
pub fn init_service(loaded: &Loaded, role: Role) -> anyhow::Result<Option<Traces>> {
    let tracing = &loaded.settings.tracing;
    let collector = (!tracing.endpoint.is_empty()).then(|| Collector {
        endpoint: tracing.endpoint.clone(),
        service: role.service(),
        version: env!("CARGO_PKG_VERSION"),
        ratio: tracing.sample_ratio,
    });
    init_with(loaded, collector)
}

fn init_with(loaded: &Loaded, collector: Option<Collector>) -> anyhow::Result<Option<Traces>> {
    let filter = filter(loaded)?;
    let as_json = match loaded.settings.log.format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !stderr().is_terminal(),
    };
    let layer = fmt::layer().with_writer(stderr);
    let layer = if as_json {
        layer.fmt_fields(fmt::format::JsonFields::new()).event_format(json::Flat).boxed()
    } else {
        layer.with_target(false).with_ansi(stderr().is_terminal()).boxed()
    };
    let (spans, traces) = match collector.map(|collector| collector.layer()).transpose() {
        Ok(both) => both.unzip(),
        Err(error) => return Err(error).context("cannot send traces to tracing.endpoint"),
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).with(spans).try_init()?;
    std::panic::set_hook(Box::new(faults::log));
    Ok(traces)
}

/// The filter of the settings.
///
/// # Errors
/// It is none; says where it came from.
pub fn filter(loaded: &Loaded) -> anyhow::Result<EnvFilter> {
    let text = &loaded.settings.log.filter;
    let refuse = |error| loaded.refuse("log.filter", format!("{text:?} is no filter: {error}"));
    Ok(EnvFilter::builder().parse(text).map_err(refuse)?)
}
