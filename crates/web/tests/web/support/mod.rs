//! A running application, and people who use it.

mod app;
mod contract;
mod faulty;
mod http;
mod parts;
mod player;
mod raw;

pub use app::TestApp;
pub use faulty::{BrokenQueue, BrokenStorage};
pub use http::Answer;
pub use parts::Parts;
pub use player::{Form, Player};
pub use raw::RawConnection;

/// The beginning of an MP4, and enough behind it to fill several pieces.
pub fn clip(size: usize) -> Vec<u8> {
    let mut clip = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".to_vec();
    clip.extend((clip.len()..size).map(|at| u8::try_from(at % 251).unwrap()));
    clip
}
