//! The pages as visitors see them: over HTTP, on both databases.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod accounts;
mod assets;
mod browser;
mod changes;
mod contest;
mod defences;
mod errors;
mod jury;
mod language;
mod messages;
mod my_videos;
mod profile;
mod rankings;
mod reports;
mod rules;
mod session;
mod showcase;
#[path = "../api/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the API's stories use the rest")]
mod support;
mod upload;
mod video;
mod vote;
