//! What is written about what happens (docs/logging.md).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Coloured text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Pretty,
    /// One object per line, for machines.
    Json,
}

/// Section `log`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// How a log line looks.
    pub format: LogFormat,
    /// Which lines are written, in the syntax of `RUST_LOG`. Default
    /// `info,sqlx=warn,sea_orm=warn`.
    pub filter: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Auto, filter: "info,sqlx=warn,sea_orm=warn".into() }
    }
}

impl LogSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        let given = !self.filter.trim().is_empty();
        report.require(given, &["log.filter"], "must not be empty; `off` writes nothing");
    }
}
