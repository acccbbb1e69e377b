//! Where rows are kept.

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `database`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://path` or `postgres://user:password@host/name`; `DATABASE_URL`
    /// in the environment. Default: `data_dir/anb.sqlite3`.
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub url: Option<SecretString>,
    /// Connections per process: 10 serve some hundred requests a second, and
    /// ten tasks still fit the 112 connections of a small RDS instance.
    pub max_connections: u32,
    /// Seconds to wait for a free connection before a request fails. Default 10.
    pub acquire_timeout_s: u64,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { url: None, max_connections: 10, acquire_timeout_s: 10 }
    }
}

impl DatabaseSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        if let Some(url) = &self.url {
            let known = ["sqlite:", "postgres://", "postgresql://"];
            let holds = known.iter().any(|scheme| url.expose_secret().starts_with(scheme));
            let message = "must begin with sqlite:, postgres:// or postgresql://";
            report.require(holds, &["database.url"], message);
        }
        report.at_least("database.max_connections", self.max_connections, 1);
        report.at_least("database.acquire_timeout_s", self.acquire_timeout_s, 1);
    }
}
