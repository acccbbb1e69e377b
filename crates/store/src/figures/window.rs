use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

use crate::{Store, StoreError};

/// A stretch of time, cut into steps of equal length; the last one may be
/// shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// In whole seconds.
    pub from: DateTime<Utc>,
    /// Not part of it any more.
    pub to: DateTime<Utc>,
    /// In whole seconds.
    pub step: Duration,
}

impl Window {
    #[must_use]
    pub fn steps(&self) -> usize {
        let length = (self.to - self.from).num_milliseconds().max(0).unsigned_abs();
        let step = self.step_s().unsigned_abs() * 1000;
        usize::try_from(length.div_ceil(step)).unwrap_or(usize::MAX)
    }

    fn step_s(&self) -> i64 {
        i64::try_from(self.step.as_secs()).unwrap_or(i64::MAX).max(1)
    }

    /// `$1` to `$4` of every statement about a window.
    fn parameters(&self) -> [Value; 4] {
        [self.from.into(), self.to.into(), self.from.timestamp().into(), self.step_s().into()]
    }
}

/// A row that belongs to a step.
pub(super) trait InStep {
    fn step(&self) -> i64;
}

impl Store {
    /// Asks about a window. In `sql`, `{step}` is the number of the step in
    /// which `column` lies.
    pub(super) async fn ask<R: FromQueryResult>(
        &self,
        window: &Window,
        sql: &str,
        column: &str,
    ) -> Result<Vec<R>, StoreError> {
        let db = self.db.reader();
        let backend = db.get_database_backend();
        let step = format!("({} - $3) / $4", seconds(backend, column));
        let sql = sql.replace("{step}", &step);
        let statement = Statement::from_sql_and_values(backend, sql, window.parameters());
        Ok(R::find_by_statement(statement).all(db).await?)
    }

    pub(super) fn milliseconds(&self, column: &str) -> String {
        milliseconds(self.db.reader().get_database_backend(), column)
    }
}

/// Puts rows where they belong; a step without any has the default.
pub(super) fn by_step<R: InStep, T: Clone + Default>(
    window: &Window,
    rows: Vec<R>,
    mut put: impl FnMut(&mut T, R) -> Result<(), StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut steps = vec![T::default(); window.steps()];
    for row in rows {
        let at = usize::try_from(row.step()).ok();
        if let Some(step) = at.and_then(|at| steps.get_mut(at)) {
            put(step, row)?;
        }
    }
    Ok(steps)
}

/// Whole seconds since 1970.
fn seconds(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("CAST(FLOOR(EXTRACT(EPOCH FROM {column})) AS BIGINT)"),
        _ => format!("unixepoch({column})"),
    }
}

fn milliseconds(backend: DbBackend, column: &str) -> String {
    let seconds = match backend {
        DbBackend::Postgres => format!("EXTRACT(EPOCH FROM {column})"),
        _ => format!("unixepoch({column}, 'subsec')"),
    };
    format!("CAST(ROUND({seconds} * 1000) AS BIGINT)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(length_ms: i64, step_s: u64) -> Window {
        let from = DateTime::UNIX_EPOCH;
        let to = from + chrono::TimeDelta::milliseconds(length_ms);
        Window { from, to, step: Duration::from_secs(step_s) }
    }

    #[test]
    fn a_step_that_has_begun_counts() {
        assert_eq!(window(3_600_000, 60).steps(), 60);
        assert_eq!(window(3_600_001, 60).steps(), 61);
        assert_eq!(window(1, 60).steps(), 1);
        assert_eq!(window(0, 60).steps(), 0);
    }
}
