//! The application as its clients meet it: over HTTP, on both databases.

mod auth;
mod defences;
mod landing;
mod media;
mod operations;
mod public;
mod support;
mod uploads;
mod videos;
mod votes;
