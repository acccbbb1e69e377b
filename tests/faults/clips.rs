//! Tiny clips: accepted ones, and some that must be rejected.

use std::{fmt::Write as _, fs};

use rand::{RngExt, rngs::StdRng};
use sha2::{Digest as _, Sha256};

use crate::support::clips::render;

/// More than one part of an upload in parts.
const LARGE: usize = 6 << 20;

/// The clips that uploads are made of.
pub struct Clips {
    good: Vec<u8>,
    too_short: Vec<u8>,
}

impl Clips {
    pub fn draw() -> Self {
        let clip = |name, seconds: &str| {
            let source = format!("testsrc2=size=192x108:rate=10:duration={seconds}");
            fs::read(render(name, &source, seconds)).expect("it was just drawn")
        };
        Self { good: clip("tiny.mp4", "0.6"), too_short: clip("too-short.mp4", "0.2") }
    }

    /// Mostly a good one, and small; each is different from all others.
    pub fn any(&self, rng: &mut StdRng, title: &str) -> Vec<u8> {
        let clip: &[u8] = match rng.random_range(0..10) {
            0 => &self.too_short,
            1 => &self.good[..self.good.len() / 3],
            _ => &self.good,
        };
        titled(clip, title, if rng.random_bool(0.1) { LARGE } else { 0 })
    }

    pub fn good(&self, title: &str) -> Vec<u8> {
        titled(&self.good, title, 0)
    }
}

/// In an MP4 box without a meaning.
fn titled(clip: &[u8], title: &str, padding: usize) -> Vec<u8> {
    let size = u32::try_from(8 + title.len() + padding).expect("it is far below 4 GiB");
    let mut clip = clip.to_vec();
    clip.extend(size.to_be_bytes());
    clip.extend(b"free");
    clip.extend(title.as_bytes());
    clip.resize(clip.len() + padding, 0);
    clip
}

/// As the database has it: lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes everything");
        hex
    })
}
