//! Clips made with ffmpeg, once per test run.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use crate::support::clips::render;

/// A short landscape clip with sound, quick to process.
pub fn short() -> &'static Path {
    static CLIP: LazyLock<PathBuf> =
        LazyLock::new(|| render("short.mp4", "testsrc2=size=1280x720:rate=30:duration=2", "2"));
    &CLIP
}

/// Eight seconds, to be interrupted in the middle on an unhurried machine.
pub fn long() -> &'static Path {
    static CLIP: LazyLock<PathBuf> =
        LazyLock::new(|| render("long.mp4", "testsrc2=size=640x360:rate=15:duration=8", "8"));
    &CLIP
}
