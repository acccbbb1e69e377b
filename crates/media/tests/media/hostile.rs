//! Files that want ffmpeg to open other files and addresses for them.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::PathBuf};

use anb_domain::FailureCode;

use crate::support::*;

/// An address on this machine where nobody may knock.
struct Trap(TcpListener);

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.0.local_addr().unwrap())
    }

    fn is_untouched(&self) {
        assert!(self.0.accept().is_err(), "somebody connected");
    }
}

fn lures(trap: &Trap) -> Vec<String> {
    let url = trap.url("segment.ts");
    vec![
        format!(
            "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXTINF:9,\n{url}\n"
        ),
        format!("ffconcat version 1.0\nfile '/etc/passwd'\nfile '{url}'\n"),
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>\
             <image xlink:href='file:///etc/passwd'/><image xlink:href='{url}'/></svg>"
        ),
        format!("<?xml version='1.0'?><MPD><BaseURL>{url}</BaseURL></MPD>"),
    ]
}

#[tokio::test]
async fn playlists_scripts_and_drawings_start_no_program() {
    let trap = Trap::set();
    let mut studio = Studio::new();
    let started = studio.path("started");
    studio.settings.ffprobe = tell_tale(&studio, &started);
    for lure in lures(&trap) {
        let file = studio.write("clip.mp4", &lure);
        studio.is_rejected(&file, FailureCode::NotAVideo).await;
        assert!(!started.exists(), "ffprobe was started for {lure}");
    }
    trap.is_untouched();
}

#[tokio::test]
async fn the_same_behind_a_film_s_first_bytes_is_opened_as_a_film_only() {
    let trap = Trap::set();
    let studio = Studio::new();
    for lure in lures(&trap) {
        for head in [&b"\0\0\0\x08free"[..], b"\x1A\x45\xDF\xA3", b"\0\0\0\x14ftypisom\0\0\0\0isom"]
        {
            let file = studio.write("clip.mp4", [head, b"\n", lure.as_bytes()].concat());
            let failure = studio.rejection(&file).await;
            assert_eq!(failure.code, FailureCode::Unreadable);
            assert!(!failure.detail.unwrap_or_default().contains("root:"));
        }
    }
    trap.is_untouched();
}

/// A film whose index says that its pictures lie in another file.
#[tokio::test]
async fn a_film_that_refers_to_another_file() {
    let studio = Studio::new();
    let clip = studio
        .film("-f lavfi -i testsrc2=s=320x240:r=10:d=2 -c:v libx264 -preset ultrafast", "clip.mp4");
    let mut content = fs::read(&clip).unwrap();
    let dref = content.windows(4).position(|window| window == b"url ").unwrap();
    content[dref..dref + 4].copy_from_slice(b"alis");
    content[dref + 7] = 0;
    let file = studio.write("refers.mp4", &content);
    // Either the reference is ignored, or the film is refused: it is not followed.
    if let Err(error) = studio.process(&file).await {
        assert!(matches!(error, anb_media::MediaError::Rejected(_)), "{error:?}");
    }
}

/// A stand-in for ffprobe that leaves a trace.
fn tell_tale(studio: &Studio, trace: &std::path::Path) -> PathBuf {
    let script = studio.write("ffprobe", format!("#!/bin/sh\ntouch {}\n", trace.display()));
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    script
}
