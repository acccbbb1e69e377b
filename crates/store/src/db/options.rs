//! How to connect.

use std::{path::PathBuf, time::Duration};

/// How to connect.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// `sqlite://path`, `sqlite::memory:` or `postgres://…`.
    pub url: String,
    pub max_connections: u32,
    /// How long to wait for a free connection, or for a new one to be made.
    pub acquire_timeout: Duration,
    /// PostgreSQL only.
    pub tls: TlsOptions,
    /// PostgreSQL only.
    pub limits: Limits,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self {
            url: String::new(),
            max_connections: 10,
            acquire_timeout: Duration::from_secs(10),
            tls: TlsOptions::default(),
            limits: Limits::default(),
        }
    }
}

/// Whom to trust. What is not set here is taken from the URL.
#[derive(Debug, Clone, Default)]
pub struct TlsOptions {
    pub mode: Option<TlsMode>,
    /// PEM file of authorities to trust besides the public ones. Makes
    /// `VerifyFull` the default.
    pub ca_file: Option<PathBuf>,
}

/// What is demanded of the connection
/// ([sslmode](https://www.postgresql.org/docs/current/libpq-ssl.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// After how long PostgreSQL gives up on us; zero for never.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of a statement.
    pub statement: Duration,
    /// Of waiting for a lock.
    pub lock: Duration,
    /// Of silence in the middle of a transaction.
    pub idle_in_transaction: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            statement: Duration::from_secs(30),
            lock: Duration::from_secs(10),
            idle_in_transaction: Duration::from_mins(1),
        }
    }
}
