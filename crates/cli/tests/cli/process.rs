//! `anb-video process`: the pipeline without a server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn make_clip(path: &Path, seconds: &str) {
    let picture = format!("testsrc2=size=320x180:rate=30:duration={seconds}");
    let arguments = ["-v", "error", "-f", "lavfi", "-i", &picture, "-c:v", "libx264"];
    let made = Command::new("ffmpeg").args(arguments).arg(path).status().unwrap();
    assert!(made.success());
}

/// Calls it in `folder`, without cards: the tests have no time for them.
fn process(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anb-video"))
        .arg("process")
        .args(arguments)
        .args(["--set", "media.opening_s=0", "--set", "media.closing_s=0"])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("LC_ALL", "en_GB.UTF-8")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_clip_becomes_a_branded_one_with_its_posters() {
    let folder = tempfile::tempdir().unwrap();
    make_clip(&folder.path().join("clip.mp4"), "1");
    let done = process(folder.path(), &["clip.mp4", "out.mp4", "--posters", "stills"]);
    assert!(done.status.success(), "{}", said(&done));

    let entries = "stream=codec_name,width,height:format=duration";
    let probed = Command::new("ffprobe")
        .args(["-v", "error", "-of", "csv=p=0", "-show_entries", entries])
        .arg(folder.path().join("out.mp4"))
        .output()
        .unwrap();
    let probed = String::from_utf8(probed.stdout).unwrap();
    assert!(probed.starts_with("h264,1280,720\n1.0"), "{probed}");

    let mut stills: Vec<_> = fs::read_dir(folder.path().join("stills"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    stills.sort();
    let expected =
        ["poster-1280.jpg", "poster-1280.webp", "poster-480.jpg", "poster-480.webp", "preview.mp4"];
    assert_eq!(stills, expected);
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_clip_that_breaks_a_rule_is_told_from_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    make_clip(&folder.path().join("short.mp4"), "0.4");
    let refused = process(folder.path(), &["short.mp4", "out.mp4"]);
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    let expected = "rejected (too_short): The video lasts ";
    assert!(said(&refused).starts_with(expected), "{}", said(&refused));
    assert!(!folder.path().join("out.mp4").exists());

    let missing = process(folder.path(), &["nothing.mp4", "out.mp4"]);
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(said(&missing), "error: there is no file nothing.mp4\n");
}
