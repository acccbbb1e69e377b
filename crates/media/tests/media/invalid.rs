//! What is turned away, with the reason its player reads.

use std::fs;

use anb_domain::{FailureCode, Language};

use crate::support::*;

const CLIP: &str = "-f lavfi -i testsrc2=s=320x240:r=10:d=3 -c:v libx264 -preset ultrafast -g 10 \
-pix_fmt yuv420p";

#[tokio::test]
async fn files_that_are_no_films() {
    let studio = Studio::new();
    pattern(64, 64).save(studio.path("photo.jpg")).unwrap();
    let photo = fs::read(studio.path("photo.jpg")).unwrap();
    let zip = b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\x82\x89\xd1\xf7\x05\0\0\0\x05\0\0\0\x01\0\0\0a";
    for content in [&b""[..], b"My favourite dunk, described in words.\n", zip, &photo] {
        let file = studio.write("clip.mp4", content);
        studio.is_rejected(&file, FailureCode::NotAVideo).await;
    }
}

#[tokio::test]
async fn sound_or_a_cover_alone_is_no_moving_picture() {
    let studio = Studio::new();
    let sound = studio.film("-f lavfi -i sine=d=2 -c:a aac", "sound.mp4");
    studio.is_rejected(&sound, FailureCode::NoVideoStream).await;

    pattern(64, 64).save(studio.path("cover.jpg")).unwrap();
    let covered = studio.film(
        "-f lavfi -i sine=d=2 -i cover.jpg -map 0 -map 1 -c:a aac -c:v copy \
         -disposition:v attached_pic",
        "covered.mp4",
    );
    studio.is_rejected(&covered, FailureCode::NoVideoStream).await;
}

#[tokio::test]
async fn a_file_cut_off_before_its_index() {
    let studio = Studio::new();
    let clip = fs::read(studio.film(CLIP, "whole.mp4")).unwrap();
    let cut = studio.write("cut.mp4", &clip[..clip.len() / 2]);
    studio.is_rejected(&cut, FailureCode::Unreadable).await;
}

#[tokio::test]
async fn a_file_cut_off_after_its_index_is_incomplete() {
    let studio = Studio::new();
    let clip = studio.film(&format!("{CLIP} -movflags +faststart"), "whole.mp4");
    let clip = fs::read(clip).unwrap();
    let cut = studio.write("cut.mp4", &clip[..clip.len() * 6 / 10]);
    let failure = studio.rejection(&cut).await;
    assert_eq!(failure.code, FailureCode::Unreadable);
    assert!(failure.sentence(Language::En).contains("damaged or incomplete"));
    assert!(failure.sentence(Language::Es).contains("dañado o incompleto"));
}

#[tokio::test]
async fn what_is_lost_beyond_the_thirty_seconds_does_not_matter() {
    let mut studio = Studio::new();
    studio.settings.trim_s = 1.0;
    let clip = studio.film(&format!("{CLIP} -movflags +faststart"), "whole.mp4");
    let clip = fs::read(clip).unwrap();
    let cut = studio.write("cut.mp4", &clip[..clip.len() * 8 / 10]);
    studio.process(&cut).await.unwrap().is_as_promised(1.0);
}

#[tokio::test]
async fn pictures_that_are_noise_do_not_decode() {
    let studio = Studio::new();
    let mut clip = fs::read(studio.film(CLIP, "whole.mp4")).unwrap();
    let mdat = find(&clip, b"mdat") + 4;
    let moov = find(&clip, b"moov") - 4;
    let mut noise = 0x2545_F491_u32;
    for byte in &mut clip[mdat..moov] {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = noise.to_be_bytes()[0];
    }
    let damaged = studio.write("noise.mp4", &clip);
    studio.is_rejected(&damaged, FailureCode::Unreadable).await;
}

#[tokio::test]
async fn too_short_by_the_rules() {
    let studio = Studio::new();
    for seconds in [0.1, 0.5] {
        let clip = studio.film(&format!("{CLIP} -t {seconds}"), "short.mp4");
        let failure = studio.rejection(&clip).await;
        assert_eq!(failure.code, FailureCode::TooShort);
        assert_eq!(failure.limit, Some(1.0));
        assert!((failure.actual.unwrap() - seconds).abs() < 0.01);
    }
}

#[tokio::test]
async fn too_long_by_the_rules() {
    let mut studio = Studio::new();
    studio.rules.max_duration_s = 2.0;
    let clip = studio.film(CLIP, "long.mp4");
    studio.is_rejected(&clip, FailureCode::TooLong).await;
}

#[tokio::test]
async fn a_header_that_claims_ten_hours() {
    let studio = Studio::new();
    let mut clip = fs::read(studio.film(CLIP, "whole.mp4")).unwrap();
    // Every length in the index: movie, track, media. All are version 0.
    for (kind, timescale, length) in [(b"mvhd", Some(16), 20), (b"mdhd", Some(16), 20)] {
        let at = find(&clip, kind);
        let ticks = timescale.map_or(1000, |offset| number(&clip, at + offset));
        clip[at + length..at + length + 4].copy_from_slice(&(36_000 * ticks).to_be_bytes());
    }
    let claims = studio.write("claims.mp4", &clip);
    let failure = studio.rejection(&claims).await;
    assert_eq!(failure.code, FailureCode::TooLong, "{failure:?}");
    assert!((failure.actual.unwrap() - 36_000.0).abs() < 1.0);
}

#[tokio::test]
async fn a_header_that_claims_16384_by_16384() {
    let mut studio = Studio::new();
    // A decoder that allocated such a picture would need more than this.
    studio.settings.max_address_space_bytes = 1 << 30;
    let mut clip = fs::read(studio.film(CLIP, "whole.mp4")).unwrap();
    let index = find(&clip, b"moov");
    let entry = index + find(&clip[index..], b"avc1");
    clip[entry + 28..entry + 32].copy_from_slice(&[0x40, 0, 0x40, 0]);
    let huge = studio.write("huge.mp4", &clip);
    let failure = studio.rejection(&huge).await;
    assert_eq!(failure.code, FailureCode::ResolutionTooHigh, "{failure:?}");
    assert_eq!((failure.limit, failure.actual), (Some(4096.0), Some(16_384.0)));
}

#[tokio::test]
async fn larger_than_the_limit_in_bytes() {
    let mut studio = Studio::new();
    studio.rules.max_size_bytes = 10_000;
    let clip = studio.film(CLIP, "clip.mp4");
    studio.is_rejected(&clip, FailureCode::TooLarge).await;
}

#[tokio::test]
async fn fewer_lines_than_asked_for() {
    let mut studio = Studio::new();
    studio.rules.min_lines = 1080;
    let clip = studio.film(CLIP, "clip.mp4");
    let failure = studio.rejection(&clip).await;
    assert_eq!(failure.code, FailureCode::ResolutionTooLow);
    assert_eq!((failure.limit, failure.actual), (Some(1080.0), Some(240.0)));
}

fn find(content: &[u8], name: &[u8]) -> usize {
    content.windows(name.len()).position(|window| window == name).expect("the box is there")
}

fn number(content: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(content[at..at + 4].try_into().unwrap())
}
