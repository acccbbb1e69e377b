//! What the store promises, on SQLite and on PostgreSQL.

mod deletion;
mod life;
mod migration;
mod outbox;
mod players;
mod public;
mod reconcile;
mod votes;
