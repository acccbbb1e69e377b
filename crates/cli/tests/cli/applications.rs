//! The two applications side by side, as `anb-video run` starts them: what one
//! serves the other knows nothing of, and each serves it to those whom the table
//! of access names.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod answers;
mod apart;
mod leaving;
mod people;
mod revoked;
mod showcase;
mod things;
