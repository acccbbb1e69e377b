//! What the store promises, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as the tests do")]

mod deletion;
mod life;
mod migration;
mod outbox;
mod players;
mod public;
mod reconcile;
mod votes;
