//! The application as its clients and its visitors meet it: over HTTP, on both
//! databases.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod api;
mod site;
mod support;
