//! The console as operators meet it: over HTTP, on both databases.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod access;
mod account;
mod audit;
mod contest;
mod dead_letters;
mod defences;
mod exports;
mod jury;
mod language;
mod messages;
mod moderation;
mod operations;
mod overview;
mod players;
mod queue;
mod support;
mod video;
mod videos;
mod votes;
mod webhooks;
