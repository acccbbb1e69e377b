//! Connections to PostgreSQL.

use std::{fs::File, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{
        self, ConnectOptions as _, Connection as _,
        postgres::{PgConnectOptions, PgConnection, PgPoolOptions, PgSslMode},
    },
};

use super::{DbOptions, Limits, TlsMode, TlsOptions, pool};
use crate::StoreError;

/// A connection idle for longer than this is tried out before use.
const TRUST_IDLE_FOR: Duration = Duration::from_secs(10);

/// After a fail-over a connection may still lead to the old server; none lives
/// longer than this.
const LONGEST_LIFE: Duration = Duration::from_mins(10);

/// How long a connection may take to show that it still works when it is given
/// back. If its server has vanished, TCP notices only after a quarter of an
/// hour, and until then the connection would be missing from the pool.
const SIGN_OF_LIFE: Duration = Duration::from_secs(3);

/// How long to ask a server for the reason why it cannot be reached.
const LAST_WORDS: Duration = Duration::from_secs(3);

pub(super) async fn connect(options: &DbOptions) -> Result<DatabaseConnection, StoreError> {
    choose_cryptography();
    if let Some(file) = &options.tls.ca_file {
        File::open(file).map_err(|error| {
            StoreError::Open(format!("database.ca_file {}: {error}", file.display()))
        })?;
    }
    let (tls, limits) = (options.tls.clone(), options.limits);
    // What sea-orm connects to must begin like this.
    let url = options.url.replacen("postgresql:", "postgres:", 1);
    let mut pool = pool(options, url);
    pool.max_connections(options.max_connections.max(1))
        .max_lifetime(LONGEST_LIFE)
        .set_application_name("anb-video")
        .test_before_acquire_if_idle_for(TRUST_IDLE_FOR)
        .map_sqlx_postgres_opts(move |server| limits.ask_of(tls.demand_of(server)))
        .map_sqlx_postgres_pool_opts(watchful);
    match Database::connect(pool.clone()).await {
        Ok(connection) => Ok(connection),
        Err(error) => Err(explain(last_words(options, &pool, error).await)),
    }
}

/// With `verify-ca` the driver asks for the process's cryptography, and there
/// is no saying which that is once other libraries have brought another one
/// along. It is the driver's own then, unless somebody has chosen before.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl TlsOptions {
    fn demand_of(&self, server: PgConnectOptions) -> PgConnectOptions {
        let (server, default) = match &self.ca_file {
            Some(file) => (server.ssl_root_cert(file), Some(TlsMode::VerifyFull)),
            None => (server, None),
        };
        match self.mode.or(default) {
            Some(mode) => server.ssl_mode(mode.into()),
            None => server,
        }
    }
}

impl From<TlsMode> for PgSslMode {
    fn from(mode: TlsMode) -> Self {
        match mode {
            TlsMode::Disable => Self::Disable,
            TlsMode::Prefer => Self::Prefer,
            TlsMode::Require => Self::Require,
            TlsMode::VerifyCa => Self::VerifyCa,
            TlsMode::VerifyFull => Self::VerifyFull,
        }
    }
}

impl Limits {
    fn ask_of(self, server: PgConnectOptions) -> PgConnectOptions {
        server.options([
            ("statement_timeout", self.statement.as_millis()),
            ("lock_timeout", self.lock.as_millis()),
            ("idle_in_transaction_session_timeout", self.idle_in_transaction.as_millis()),
        ])
    }
}

/// What a fail-over leaves behind does not get into the pool, nor stay there.
fn watchful(pool: PgPoolOptions) -> PgPoolOptions {
    pool.after_connect(|connection, _| Box::pin(takes_writes(connection)))
        .after_release(|connection, _| Box::pin(answers(connection)))
}

async fn answers(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let answer = tokio::time::timeout(SIGN_OF_LIFE, connection.ping()).await;
    let silent = || sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    answer.unwrap_or_else(|_| Err(silent())).map(|()| true)
}

/// Refuses a server that only reads: right after a fail-over the name may
/// still lead to the old one. The pool tries again until its time is up.
async fn takes_writes(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let read_only: String =
        sqlx::query_scalar("SHOW transaction_read_only").fetch_one(connection).await?;
    match read_only.as_str() {
        "off" => Ok(()),
        _ => Err(sqlx::Error::Protocol("the server only reads".into())),
    }
}

/// A pool says no more than that its time was up; a single connection says
/// why.
async fn last_words(options: &DbOptions, pool: &ConnectOptions, error: DbErr) -> DbErr {
    if !matches!(sqlx_error(&error), Some(sqlx::Error::PoolTimedOut)) {
        return error;
    }
    let Ok(server) = pool.get_url().parse::<PgConnectOptions>() else { return error };
    let server = options.limits.ask_of(options.tls.demand_of(server));
    let attempt = async { takes_writes(&mut server.connect().await?).await };
    match tokio::time::timeout(LAST_WORDS, attempt).await {
        Ok(Err(reason)) => DbErr::Conn(RuntimeErr::SqlxError(reason.into())),
        _ => error,
    }
}

fn explain(error: DbErr) -> StoreError {
    match sqlx_error(&error) {
        Some(reason) if is_about_tls(reason) => StoreError::Tls(error),
        _ => error.into(),
    }
}

/// The TLS library reports a certificate it refuses as invalid data.
fn is_about_tls(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}
