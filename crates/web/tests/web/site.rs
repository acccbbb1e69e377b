//! The pages as visitors see them: over HTTP, on both databases.

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
mod upload;
mod video;
mod vote;
