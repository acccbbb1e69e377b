//! What both applications need to meet their clients: a server that is patient
//! and ends in time, requests that have a name, limits, and what keeps browsers
//! from doing what nobody asked for. Knows of no video, no page and no problem.

pub mod access;
pub mod assets;
pub mod client;
pub mod context;
pub mod cookies;
pub mod fault;
pub mod language;
pub mod limits;
pub mod linger;
mod measure;
pub mod origin;
pub mod page;
pub mod path;
pub mod probe;
pub mod request;
pub mod request_id;
pub mod security;
pub mod server;
pub mod trace;

pub use context::Reception;
pub use request::RequestContext;
pub use server::{ServerLimits, serve};
