//! Every input a player may send, and what becomes of it. Inputs are made with
//! ffmpeg as the tests run; outcomes are looked at from outside: streams,
//! packets, pixels, bytes, processes and sockets.

#![expect(clippy::unwrap_used, reason = "what a test needs and cannot have fails it")]

mod colours;
mod faults;
mod hostile;
mod invalid;
mod settings;
mod support;
mod valid;
