//! Typed input.

mod fields;
mod json;
mod path;
mod query;

pub use fields::{Fields, InvalidFields, Raw};
pub use json::{ApiJson, MAX_BYTES};
pub use path::{UploadPath, VideoPath};
pub use query::{ApiQuery, FromParameters, Parameters};
