//! What other systems are told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `webhooks`. Who is told of what is decided in the console.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebhooksSettings {
    /// Also sends events within the own network, and unencrypted. Otherwise
    /// whoever may set up a receiver could reach what only this machine can.
    /// Default: only to public addresses, by https.
    pub allow_private: bool,
    /// Seconds a receiver may take to answer. Default 10.
    pub timeout_s: u64,
    /// Days for which events and what became of them are kept. Default 30.
    pub keep_days: u32,
}

impl Default for WebhooksSettings {
    fn default() -> Self {
        Self { allow_private: false, timeout_s: 10, keep_days: 30 }
    }
}

impl WebhooksSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        // A delivery is another sender's after a minute.
        report.within("webhooks.timeout_s", self.timeout_s, 1, 30);
        // Sends go on for more than three days.
        report.within("webhooks.keep_days", self.keep_days, 4, 365);
    }
}
