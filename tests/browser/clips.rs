//! Clips, each made once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use crate::support::clips::render;

/// Two seconds, quickly sent and quickly worked on.
pub fn short() -> &'static Path {
    static CLIP: LazyLock<PathBuf> =
        LazyLock::new(|| render("site-short.mp4", "testsrc2=size=640x360:rate=25:duration=2", "2"));
    &CLIP
}

/// Ten pictures, of which a whole showcase can be made in seconds.
pub fn tiny() -> &'static Path {
    static CLIP: LazyLock<PathBuf> =
        LazyLock::new(|| render("site-tiny.mp4", "testsrc2=size=320x180:rate=10:duration=1", "1"));
    &CLIP
}

/// Large enough for several parts: 5 MiB is the smallest that there is.
pub fn large() -> &'static Path {
    static CLIP: LazyLock<PathBuf> = LazyLock::new(|| {
        let clip = render("site-large.mp4", "testsrc2=size=640x360:rate=25:duration=2", "2");
        pad(&clip, 23 << 20);
        clip
    });
    &CLIP
}

/// A clip that no browser can look into, so that only the worker can.
pub fn opaque() -> &'static Path {
    static CLIP: LazyLock<PathBuf> = LazyLock::new(|| {
        let clip = target_tmp("site-opaque.avi");
        let source = "testsrc2=size=320x240:rate=25:duration=2";
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:v", "mpeg4"])
            .arg(&clip)
            .status()
            .unwrap();
        assert!(status.success());
        clip
    });
    &CLIP
}

/// No clip at all, whatever its name says.
pub fn text_file() -> &'static Path {
    static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
        let file = target_tmp("site-notes.mp4");
        fs::write(&file, "Apuntes del partido, jugada por jugada.\n".repeat(100)).unwrap();
        file
    });
    &FILE
}

/// A copy of the short clip under another name.
pub fn named(name: &str) -> PathBuf {
    let file = target_tmp(name);
    fs::copy(short(), &file).unwrap();
    file
}

fn target_tmp(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Appends a `free` box, which players skip.
fn pad(clip: &Path, bytes: u32) {
    let mut contents = fs::read(clip).unwrap();
    contents.extend(bytes.to_be_bytes());
    contents.extend(b"free");
    contents.resize(contents.len() + bytes as usize - 8, 0);
    fs::write(clip, contents).unwrap();
}
