//! What is written about what happens, by the rules of docs/logging.md. To
//! standard error: standard output belongs to what a command was asked for.

mod json;

use std::io::{IsTerminal as _, stderr};

use anb_config::{Loaded, LogFormat};
use tracing_subscriber::{
    EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::faults;

/// Writes the log from now on.
///
/// # Errors
/// `log.filter` is no filter.
pub fn init(loaded: &Loaded) -> anyhow::Result<()> {
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
    tracing_subscriber::registry().with(layer.with_filter(filter)).try_init()?;
    std::panic::set_hook(Box::new(faults::log));
    Ok(())
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
