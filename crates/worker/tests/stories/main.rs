//! What a worker does, told on SQLite and PostgreSQL, with the queue in a
//! table and in memory.

#![expect(clippy::unwrap_used, reason = "a test may end like that")]

#[path = "../support/mod.rs"]
mod support;

mod dead_letters;
mod drain;
mod lease;
mod outages;
mod publishing;
mod reconciler;
mod retries;
mod takeover;
