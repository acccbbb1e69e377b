//! The JSON API. One file per endpoint.

pub mod auth;
pub mod public;
pub mod uploads;
pub mod videos;
