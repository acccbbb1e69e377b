//! What a worker does, told on SQLite and PostgreSQL, with the queue in a
//! table and in memory.

#![expect(clippy::unwrap_used, reason = "a test may end like that")]

#[path = "../support/mod.rs"]
mod support;

mod brand;
mod cancel;
mod cost;
mod dead_letters;
mod drain;
mod ecs;
mod health;
mod lease;
mod outages;
mod outbox;
mod parts;
mod presence;
mod publishing;
mod reconciler;
mod reprocess;
mod retries;
mod room;
mod takeover;
