//! Brand artwork: SVG in, pictures of the exact size out. Worker and console
//! draw with the same functions, so that a preview is what a video gets.
//! Starts nothing and needs no ffmpeg.

mod artwork;
mod clean;
mod draw;
mod made;
mod sample;

pub use artwork::{Artwork, Mark, OwnArt, digest};
pub use clean::{MAX_BYTES, Refused, clean};
pub use draw::ArtworkError;
pub use sample::Scene;

/// The frame of every video that is made, in pixels.
pub const FRAME: (u32, u32) = (1280, 720);
