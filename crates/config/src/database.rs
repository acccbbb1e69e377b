//! Where rows are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// What is demanded of the connection to PostgreSQL
/// ([sslmode](https://www.postgresql.org/docs/current/libpq-ssl.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SslMode {
    /// Never encrypted.
    Disable,
    /// Encrypted if the server can; whoever it is.
    Prefer,
    /// Encrypted; whoever the server is.
    Require,
    /// The server's certificate comes from a known authority.
    VerifyCa,
    /// Also, the certificate names the host in the URL.
    VerifyFull,
}

/// Section `database`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://path` or `postgres://user:password@host/name`; `DATABASE_URL`
    /// in the environment. Default: `data_dir/anb.sqlite3`.
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub url: Option<SecretString>,
    /// What is demanded of the connection to PostgreSQL; wins over `sslmode`
    /// in the URL. Default: what the URL says, and otherwise `prefer`; with
    /// `ca_file`, `verify-full`.
    pub ssl_mode: Option<SslMode>,
    /// PEM file of the authorities that may vouch for PostgreSQL's certificate,
    /// besides the public ones; for RDS
    /// <https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem>.
    pub ca_file: Option<PathBuf>,
    /// Connections per process: 10 serve some hundred requests a second, and
    /// ten tasks still fit the 112 connections of a small RDS instance.
    pub max_connections: u32,
    /// Seconds to wait for a free connection, or for a new one to be made,
    /// before a request fails. Default 10.
    pub acquire_timeout_s: u64,
    /// Seconds for which a service that starts waits for a database that is
    /// out, as during a fail-over, before it ends with an error. Default 30.
    pub start_timeout_s: u64,
    /// Seconds after which PostgreSQL gives up a statement; 0 for never. No
    /// migration is given up. Default 30.
    pub statement_timeout_s: u64,
    /// Seconds for which a statement waits for a lock in PostgreSQL; 0 for
    /// ever. Default 10.
    pub lock_timeout_s: u64,
    /// Seconds after which PostgreSQL ends a connection that has begun a
    /// transaction and says nothing more, so that its locks are freed; 0 for
    /// never. Default 60.
    pub idle_in_transaction_timeout_s: u64,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: None,
            ssl_mode: None,
            ca_file: None,
            max_connections: 10,
            acquire_timeout_s: 10,
            start_timeout_s: 30,
            statement_timeout_s: 30,
            lock_timeout_s: 10,
            idle_in_transaction_timeout_s: 60,
        }
    }
}

impl DatabaseSettings {
    /// A day: PostgreSQL counts in milliseconds, in 31 bits.
    const LONGEST_S: u64 = 86_400;

    pub(crate) fn check(&self, report: &mut Report) {
        if let Some(url) = &self.url {
            let known = ["sqlite:", "postgres://", "postgresql://"];
            let holds = known.iter().any(|scheme| url.expose_secret().starts_with(scheme));
            let message = "must begin with sqlite:, postgres:// or postgresql://";
            report.require(holds, &["database.url"], message);
        }
        self.check_tls(report);
        report.at_least("database.max_connections", self.max_connections, 1);
        report.at_least("database.acquire_timeout_s", self.acquire_timeout_s, 1);
        for (key, seconds) in [
            ("database.start_timeout_s", self.start_timeout_s),
            ("database.statement_timeout_s", self.statement_timeout_s),
            ("database.lock_timeout_s", self.lock_timeout_s),
            ("database.idle_in_transaction_timeout_s", self.idle_in_transaction_timeout_s),
        ] {
            report.within(key, seconds, 0, Self::LONGEST_S);
        }
    }

    /// Whoever names an authority must not be left unverified.
    fn check_tls(&self, report: &mut Report) {
        let unverified =
            matches!(self.ssl_mode, Some(SslMode::Disable | SslMode::Prefer | SslMode::Require));
        report.require(
            !(unverified && self.ca_file.is_some()),
            &["database.ssl_mode", "database.ca_file"],
            "the authorities in the file are asked only with verify-full or verify-ca",
        );
    }
}
