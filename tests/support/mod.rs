//! What the tests with real processes share.

pub mod api;
pub mod clips;
pub mod processes;
