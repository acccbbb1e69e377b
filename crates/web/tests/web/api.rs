//! The application as its clients meet it: over HTTP, on both databases.

mod auth;
mod defences;
mod jury;
mod media;
mod operations;
mod outage;
mod parts;
mod public;
mod reports;
mod uploads;
mod videos;
mod votes;
