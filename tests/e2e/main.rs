//! The product as its users meet it: the real binary, real ffmpeg, real
//! databases, and processes that are killed in the middle of their work.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod clips;
mod site;
#[path = "../support/mod.rs"]
mod support;

#[path = "../../crates/webhooks/tests/support/mod.rs"]
#[expect(dead_code, reason = "tests of the sender itself use the rest")]
mod receiver;

mod deaths;
mod drain;
mod logging;
mod machine;
mod main_job;
mod metrics;
mod promql;
mod request_id;
mod start;
mod traces;
mod webhooks;
