//! What goes wrong around a clip: killed, hanging, cancelled, orphaned, no
//! space left. Nothing may outlive its cause.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anb_config::Quality;
use anb_domain::FailureCode;
use anb_media::{LogTail, MediaError, Threads};

use crate::support::*;

const SHORT: &str =
    "-f lavfi -i testsrc2=s=320x240:r=10:d=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";

/// A clip that keeps one thread busy for many seconds.
fn long_work(studio: &mut Studio, name: &str) -> PathBuf {
    studio.settings.quality = Quality::Best;
    studio.threads = Threads::Limited(1);
    studio.film(
        "-f lavfi -i testsrc2=s=640x360:r=30:d=30 -vf noise=alls=40:allf=t -c:v mpeg4 -q:v 12",
        name,
    )
}

/// A stand-in for ffmpeg.
fn stand_in(studio: &mut Studio, script: &str) {
    let path = studio.write("ffmpeg-stand-in", format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    studio.settings.ffmpeg = path;
}

/// A duration that no other process sleeps for.
fn marker(test: u32) -> String {
    format!("{}.{test}", 100_000 + std::process::id())
}

#[tokio::test(flavor = "multi_thread")]
async fn ffmpeg_killed_midway_may_be_tried_again() {
    let mut studio = Studio::new();
    let clip = long_work(&mut studio, "killed-midway.avi");
    let name = clip.display().to_string();
    let killer = tokio::task::spawn_blocking(move || {
        eventually("ffmpeg runs", || !transcoders(&name).is_empty());
        std::thread::sleep(Duration::from_millis(300));
        for pid in transcoders(&name) {
            Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
        }
    });
    let failure = studio.failure(&clip).await;
    killer.await.unwrap();
    assert_eq!(failure.code, FailureCode::ProcessingFailed, "{failure:?}");
}

/// The ffmpeg itself among the processes that name the input.
fn transcoders(input: &str) -> Vec<u32> {
    let is_ffmpeg = |pid: &u32| {
        fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe.ends_with("ffmpeg"))
    };
    processes(input).into_iter().filter(is_ffmpeg).collect()
}

#[tokio::test]
async fn an_ffmpeg_that_hangs_is_ended_with_all_it_started() {
    let mut studio = Studio::new();
    let marker = marker(1);
    let clip = studio.film(SHORT, "clip.mp4");
    stand_in(&mut studio, &format!("sleep {marker} &\nsleep {marker}"));
    studio.settings.stall_timeout_s = 1;
    let failure = studio.failure(&clip).await;
    assert_eq!(failure.code, FailureCode::TimedOut);
    eventually("nobody sleeps on", || processes(&marker).is_empty());
}

#[tokio::test]
async fn a_killed_ffmpeg_leaves_its_last_words() {
    let mut studio = Studio::new();
    let clip = studio.film(SHORT, "clip.mp4");
    stand_in(&mut studio, "echo '[error] /etc/anb/brand.svg: no such file' >&2; sleep 60");
    studio.settings.stall_timeout_s = 1;
    let (log, work) = (LogTail::default(), studio.path("work"));
    fs::create_dir(&work).unwrap();
    failure_of(studio.process_with(&clip, work, &log).await);
    let text = log.text().unwrap();
    assert!(text.ends_with("[error] […]/brand.svg: no such file"), "{text}");
}

#[tokio::test]
async fn busy_without_progress_is_hanging_too() {
    let mut studio = Studio::new();
    let clip = studio.film(SHORT, "clip.mp4");
    stand_in(&mut studio, "while true; do echo frame=0; echo progress=continue; sleep 0.2; done");
    studio.settings.stall_timeout_s = 1;
    let failure = studio.failure(&clip).await;
    assert_eq!(failure.code, FailureCode::TimedOut);
    assert!(failure.detail.unwrap().contains("no progress"));
}

#[tokio::test]
async fn progress_without_end_is_too_long() {
    let mut studio = Studio::new();
    let clip = studio.film(SHORT, "clip.mp4");
    stand_in(
        &mut studio,
        "n=0; while true; do n=$((n+1)); echo frame=$n; echo progress=continue; sleep 0.1; done",
    );
    studio.settings.timeout_s = 2;
    let failure = studio.failure(&clip).await;
    assert_eq!(failure.code, FailureCode::TimedOut);
    assert!(failure.detail.unwrap().contains("longer"));
}

#[tokio::test]
async fn a_grandchild_does_not_hold_up_or_outlive_the_job() {
    let mut studio = Studio::new();
    let marker = marker(2);
    let clip = studio.film(SHORT, "clip.mp4");
    stand_in(&mut studio, &format!("sleep {marker} &\nexit 1"));
    let started = Instant::now();
    studio.failure(&clip).await;
    assert!(started.elapsed() < Duration::from_secs(20));
    eventually("nobody sleeps on", || processes(&marker).is_empty());
}

#[tokio::test]
async fn a_flood_on_both_pipes_does_not_block() {
    let mut studio = Studio::new();
    let clip = studio.film(SHORT, "clip.mp4");
    stand_in(
        &mut studio,
        "head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; head -c 3000000 /dev/zero; exit 3",
    );
    let failure = studio.failure(&clip).await;
    assert_eq!(failure.code, FailureCode::ProcessingFailed);
    assert!(failure.detail.unwrap().len() < 20_000, "what is kept is bounded");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_ends_ffmpeg_before_it_returns() {
    let mut studio = Studio::new();
    let clip = long_work(&mut studio, "cancelled.avi");
    let name = clip.display().to_string();
    let cancel = studio.cancel.clone();
    let watched = name.clone();
    tokio::task::spawn_blocking(move || {
        eventually("ffmpeg runs", || !transcoders(&watched).is_empty());
        cancel.cancel();
    });
    let result = studio.process(&clip).await;
    assert!(matches!(result, Err(MediaError::Cancelled)), "{result:?}");
    assert!(transcoders(&name).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_job_ends_ffmpeg() {
    let mut studio = Studio::new();
    let clip = long_work(&mut studio, "dropped.avi");
    let name = clip.display().to_string();
    let job = tokio::spawn(async move { studio.process(&clip).await });
    eventually("ffmpeg runs", || !transcoders(&name).is_empty());
    job.abort();
    eventually("ffmpeg is gone", || transcoders(&name).is_empty());
}

/// Not a test of its own: the worker that the next test kills.
#[tokio::test]
#[ignore = "run by a_worker_killed_outright_leaves_no_ffmpeg"]
async fn a_worker_at_work() {
    let mut studio = Studio::new();
    let clip = std::env::var_os("CLIP").map(PathBuf::from).unwrap();
    if let Ok(marker) = std::env::var("MARKER") {
        stand_in(&mut studio, &format!("sleep {marker} &\nsleep {marker}"));
    }
    studio.settings.quality = Quality::Best;
    studio.threads = Threads::Limited(1);
    let _ = studio.process(&clip).await;
}

#[test]
fn a_worker_killed_outright_leaves_no_ffmpeg() {
    let mut studio = Studio::new();
    let clip = long_work(&mut studio, "orphaned.avi");
    let name = clip.display().to_string();
    kill_a_worker(&clip, None, || transcoders(&name));

    let marker = marker(3);
    kill_a_worker(&clip, Some(&marker), || processes(&format!("sleep\0{marker}")));
}

/// `kill -9` on a real process in the middle of its work.
fn kill_a_worker(clip: &Path, marker: Option<&str>, at_work: impl Fn() -> Vec<u32>) {
    let mut worker = Command::new(std::env::current_exe().unwrap());
    worker.args(["--exact", "faults::a_worker_at_work", "--ignored"]).env("CLIP", clip);
    if let Some(marker) = marker {
        worker.env("MARKER", marker);
    }
    let mut worker = worker.stdout(std::process::Stdio::null()).spawn().unwrap();
    eventually("its ffmpeg runs", || !at_work().is_empty());
    worker.kill().unwrap();
    worker.wait().unwrap();
    eventually("its ffmpeg is gone", || at_work().is_empty());
}

#[tokio::test]
async fn a_full_disk_is_no_fault_of_the_clip() {
    let studio = Studio::new();
    let clip = studio.film(SHORT, "clip.mp4");
    for file in ["clip.mp4", "preview.mp4", "poster-1280.webp", "video.mp4"] {
        let work = studio.path(&format!("work-{file}"));
        fs::create_dir(&work).unwrap();
        // Every write to this device fails with "no space left".
        symlink("/dev/full", work.join(file)).unwrap();
        let failure = failure_of(studio.process_in(&clip, work).await);
        assert_eq!(failure.code, FailureCode::OutOfSpace, "{file}: {failure:?}");
    }
}

#[tokio::test]
async fn a_small_disk_is_full_midway() {
    let studio = Studio::new();
    let disk = studio.path("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=128k", "tmpfs"])
        .arg(&disk)
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        eprintln!("only root may mount; a_full_disk_is_no_fault_of_the_clip covers the rest");
        return;
    }
    let clip = studio.film(
        "-f lavfi -i testsrc2=s=640x360:r=30:d=3 -vf noise=alls=40:allf=t -c:v mpeg4 -q:v 8",
        "clip.avi",
    );
    let result = studio.process_in(&clip, disk.clone()).await;
    Command::new("umount").arg(&disk).status().unwrap();
    assert_eq!(failure_of(result).code, FailureCode::OutOfSpace);
}

#[tokio::test]
async fn ffmpeg_may_not_write_or_compute_without_end() {
    let mut studio = Studio::new();
    let clip = long_work(&mut studio, "limited.avi");
    studio.settings.max_file_bytes = 100_000;
    let failure = studio.failure(&clip).await;
    assert_eq!(failure.code, FailureCode::ProcessingFailed, "{failure:?}");

    studio.settings.max_file_bytes = 1_000_000_000;
    studio.settings.max_cpu_s = 1;
    let failure = studio.failure(&clip).await;
    assert_eq!(failure.code, FailureCode::ProcessingFailed, "{failure:?}");
}

#[tokio::test]
async fn a_missing_ffmpeg_is_named_at_the_start() {
    let mut studio = Studio::new();
    studio.settings.ffmpeg = "/nowhere/ffmpeg".into();
    let failure = studio.failure(Path::new("irrelevant")).await;
    assert_eq!(failure.code, FailureCode::Internal);
    assert!(failure.detail.unwrap().contains("apt-get install ffmpeg"));
}
