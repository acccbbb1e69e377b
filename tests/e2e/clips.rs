//! Clips made with ffmpeg when a test asks for them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A short landscape clip with sound, quick to process.
pub fn short(dir: &Path) -> PathBuf {
    make(dir, "short.mp4", "testsrc2=size=1280x720:rate=30:duration=2", "2")
}

/// A clip that keeps a worker busy for some seconds, so that it can be
/// interrupted in the middle.
pub fn long(dir: &Path) -> PathBuf {
    make(dir, "long.mp4", "testsrc2=size=1920x1080:rate=30:duration=28,noise=alls=12:allf=t", "28")
}

fn make(dir: &Path, name: &str, source: &str, seconds: &str) -> PathBuf {
    let path = dir.join(name);
    let sine = format!("sine=frequency=440:duration={seconds}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", &sine])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-pix_fmt", "yuv420p"])
        .args(["-c:a", "aac", "-metadata", "location=+04.6097-074.0817/"])
        .arg(&path)
        .status()
        .expect("ffmpeg is installed (script/setup)");
    assert!(status.success(), "ffmpeg could not make {name}");
    path
}
