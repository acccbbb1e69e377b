//! What can go wrong with the database itself. Rules that a call may break
//! have their own enums beside that call.

use std::error::Error;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, postgres::PgDatabaseError, sqlite::SqliteError},
};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database is unavailable: {0}")]
    Database(#[from] DbErr),
    /// The address is neither SQLite's nor PostgreSQL's, or the file cannot be
    /// created. The address itself is not shown: it may hold a password.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    #[error(
        "the encrypted connection to the database failed: {0}; check database.ssl_mode, \
         database.ca_file, and that the server's certificate names the host in database.url"
    )]
    Tls(DbErr),
    /// The schema is older than this version.
    #[error("the database lacks {missing:?}: run `anb-video migrate`")]
    Outdated { missing: Vec<String> },
    /// A row holds what this version cannot read.
    #[error("{table}.{column} holds {value:?}, which this version does not know")]
    Corrupt { table: &'static str, column: &'static str, value: String },
}

impl StoreError {
    /// Whether it is worth asking again in a moment: the database is down,
    /// restarting, failing over or too busy. Nothing was acknowledged; a write
    /// may have been done all the same.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => passes(error),
            Self::Tls(_) => true,
            Self::Open(_) | Self::Outdated { .. } | Self::Corrupt { .. } => false,
        }
    }
}

/// [`StoreError::is_transient`] of whatever lies at the root of an error.
#[must_use]
pub fn is_transient(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (*error).source()).any(|cause| {
        // An error that is transparent hides the one it is made from, but not
        // the cause of that.
        cause.downcast_ref::<StoreError>().is_some_and(StoreError::is_transient)
            || cause.downcast_ref::<DbErr>().is_some_and(passes)
    })
}

fn passes(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => is_outage(error),
        _ => false,
    }
}

fn is_outage(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        // A connection cut in the middle of an answer is seen as any of these.
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::BeginFailed | E::WorkerCrashed => true,
        E::Database(answer) => is_busy(answer.as_ref()),
        other => matches!(other, E::PoolTimedOut | E::PoolClosed),
    }
}

fn is_busy(answer: &dyn DatabaseError) -> bool {
    let code = answer.code().unwrap_or_default();
    if answer.try_downcast_ref::<PgDatabaseError>().is_some() {
        return is_transient_sqlstate(&code);
    }
    let is_sqlite = answer.try_downcast_ref::<SqliteError>().is_some();
    // SQLITE_BUSY and SQLITE_LOCKED, with whatever details in the higher bits.
    is_sqlite && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

/// [PostgreSQL's codes](https://www.postgresql.org/docs/current/errcodes-appendix.html)
/// for what passes by itself.
fn is_transient_sqlstate(code: &str) -> bool {
    // Connection exceptions, insufficient resources, operator intervention
    // (shutdown, crash, start-up, a statement cancelled by its timeout).
    let class = ["08", "53", "57"].iter().any(|class| code.starts_with(class));
    // A server that only reads (fail-over), silence for too long in a
    // transaction, serialisation failure, deadlock, a lock not given in time.
    class || matches!(code, "25006" | "25P03" | "40001" | "40P01" | "55P03")
}

/// Lets `?` carry a database's error into the error of a call.
macro_rules! from_database {
    ($($error:ty),+) => {$(
        impl From<DbErr> for $error {
            fn from(error: DbErr) -> Self {
                StoreError::from(error).into()
            }
        }
    )+};
}

from_database!(
    crate::BeginPartsError,
    crate::ChangeRoleError,
    crate::CreatePlayerError,
    crate::DeleteVideoError,
    crate::PanelError,
    crate::RetryError,
    crate::ReportError,
    crate::RuleError,
    crate::SaveContestError,
    crate::SaveError,
    crate::VoteError
);

#[cfg(test)]
mod tests {
    use sea_orm::ConnAcquireErr;

    use super::*;

    #[derive(Debug, Error)]
    enum Transparent {
        #[error(transparent)]
        Store(#[from] StoreError),
    }

    #[derive(Debug, Error)]
    #[error("the wheel is broken")]
    struct Wrapped(#[source] Transparent);

    #[test]
    fn an_outage_is_recognised_however_deep_it_lies() {
        let outage = || StoreError::from(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        assert!(is_transient(&outage()));
        assert!(is_transient(&Transparent::from(outage())));
        assert!(is_transient(&Wrapped(outage().into())));
        assert!(is_transient(&std::sync::Arc::new(outage())), "many may be told of one error");
    }

    #[test]
    fn what_is_wrong_for_good_is_no_outage() {
        let corrupt = StoreError::Corrupt { table: "t", column: "c", value: "?".into() };
        assert!(!is_transient(&corrupt));
        assert!(!is_transient(&StoreError::from(DbErr::RecordNotFound("video".into()))));
        assert!(!is_transient(&std::io::Error::other("the disk")));
    }

    #[test]
    fn the_codes_of_an_outage_pass_and_those_of_a_rule_do_not() {
        for code in ["08006", "53300", "57014", "57P01", "57P03", "25006", "40P01", "55P03"] {
            assert!(is_transient_sqlstate(code), "{code}");
        }
        for code in ["23505", "42P01", "22P02", "40002", "25001"] {
            assert!(!is_transient_sqlstate(code), "{code}");
        }
    }
}
