//! How busy the connections are.

use sea_orm::{DatabaseConnection, DbBackend};

use super::Db;

/// A pool of connections, at this moment. The driver does not tell who waits
/// for one: where all are busy and no more may be opened, somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// `writer` or `reader`.
    pub name: &'static str,
    /// Open connections, idle ones included.
    pub open: u32,
    pub idle: u32,
    /// As many may be open.
    pub max: u32,
}

impl Db {
    /// Every pool: two on SQLite, one on PostgreSQL.
    #[must_use]
    pub fn pools(&self) -> Vec<PoolState> {
        let writer = state("writer", &self.writer);
        if self.writer.get_database_backend() == DbBackend::Sqlite {
            vec![writer, state("reader", &self.reader)]
        } else {
            vec![writer]
        }
    }
}

fn state(name: &'static str, connection: &DatabaseConnection) -> PoolState {
    let (open, idle, max) = if connection.get_database_backend() == DbBackend::Sqlite {
        let pool = connection.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    } else {
        let pool = connection.get_postgres_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    };
    PoolState { name, open, idle: u32::try_from(idle).unwrap_or(open), max }
}
