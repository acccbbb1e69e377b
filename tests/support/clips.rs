//! Clips drawn by ffmpeg.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Draws `source` (a lavfi graph) with a tone beside it, in the place that the
/// tests keep their files.
pub fn render(name: &str, source: &str, seconds: &str) -> PathBuf {
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
