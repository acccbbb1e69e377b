//! The application as its clients meet it: over HTTP, on both databases.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod auth;
mod defences;
mod jury;
mod media;
mod operations;
mod outage;
mod parts;
mod public;
mod reports;
mod support;
mod uploads;
mod videos;
mod votes;
