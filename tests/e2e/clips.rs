//! Clips made with ffmpeg, once per test run.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// A short landscape clip with sound, quick to process.
pub fn short() -> &'static Path {
    static CLIP: LazyLock<PathBuf> =
        LazyLock::new(|| make("short.mp4", "testsrc2=size=1280x720:rate=30:duration=2", "2"));
    &CLIP
}

/// A clip that keeps a worker busy for some seconds, so that it can be
/// interrupted in the middle.
pub fn long() -> &'static Path {
    static CLIP: LazyLock<PathBuf> = LazyLock::new(|| {
        let source = "testsrc2=size=1920x1080:rate=30:duration=28,noise=alls=4:allf=t";
        make("long.mp4", source, "28")
    });
    &CLIP
}

fn make(name: &str, source: &str, seconds: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let sine = format!("sine=frequency=440:duration={seconds}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", &sine])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-crf", "34", "-pix_fmt", "yuv420p"])
        .args(["-c:a", "aac", "-metadata", "location=+04.6097-074.0817/"])
        .arg(&path)
        .status()
        .expect("ffmpeg is installed (script/setup)");
    assert!(status.success(), "ffmpeg could not make {name}");
    path
}
