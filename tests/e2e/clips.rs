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

/// A clip that keeps a worker busy for some seconds, so that it can be
/// interrupted in the middle.
pub fn long() -> &'static Path {
    static CLIP: LazyLock<PathBuf> = LazyLock::new(|| {
        let source = "testsrc2=size=1920x1080:rate=30:duration=20,noise=alls=4:allf=t";
        render("long.mp4", source, "20")
    });
    &CLIP
}
