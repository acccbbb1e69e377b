//! What an operator may choose.

use anb_config::{Fit, Quality, Sound};
use anb_domain::keys::ResultFile;
use anb_media::Threads;

use crate::support::*;

const X264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

fn with_sound(studio: &Studio) -> std::path::PathBuf {
    studio.film(
        &format!(
            "-f lavfi -i testsrc2=s=640x360:r=30:d=3 -f lavfi -i sine=frequency=440:d=3 \
             -af volume=-20dB {X264} -c:a aac"
        ),
        "clip.mp4",
    )
}

#[tokio::test]
async fn sound_may_be_kept_and_starts_with_the_clip() {
    let mut studio = Studio::new();
    studio.settings.sound = Sound::Keep;
    let made = studio.process(&with_sound(&studio)).await.unwrap();

    let probe = ffprobe(&made.video(), "-show_streams");
    let lengths: Vec<f64> = probe["streams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stream| text(&stream["duration"]).parse().unwrap())
        .collect();
    assert_eq!(lengths.len(), 2);
    assert!((lengths[0] - 7.5).abs() < 0.2 && (lengths[1] - 7.5).abs() < 0.2, "{lengths:?}");
    assert!(loudness(&made.video(), 0.5, 1.5) < -60.0, "silence under the opening card");
    let clip = loudness(&made.video(), OPENING_S + 0.5, 2.0);
    assert!((-28.0..-10.0).contains(&clip), "louder than the -41 dB it was: {clip}");
    assert!(loudness(&made.video(), OPENING_S + 3.5, 1.0) < -60.0, "and under the closing one");
}

/// Mean volume of a part, in dB.
fn loudness(video: &std::path::Path, from_s: f64, length_s: f64) -> f64 {
    let output = std::process::Command::new("ffmpeg")
        .args(["-ss", &from_s.to_string(), "-t", &length_s.to_string(), "-i"])
        .arg(video)
        .args(["-af", "volumedetect", "-f", "null", "-"])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, rest) = report.split_once("mean_volume: ").expect(&report);
    rest.split_once(' ').unwrap().0.parse().unwrap()
}

#[tokio::test]
async fn sound_cannot_be_kept_where_there_is_none() {
    let mut studio = Studio::new();
    studio.settings.sound = Sound::Keep;
    let clip = studio.film(&format!("-f lavfi -i testsrc2=s=320x180:r=30:d=2 {X264}"), "clip.mp4");
    studio.process(&clip).await.unwrap().is_as_promised(2.0);
}

#[tokio::test]
async fn a_vertical_clip_may_get_bars_or_be_cropped() {
    let mut studio = Studio::new();
    let options = format!("-vf scale=out_color_matrix=bt709,format=yuv420p {X264}");
    let clip = studio.film_pattern((720, 1280), 1.2, &options, "clip.mp4");

    studio.settings.fit = Fit::Pad;
    let padded = studio.process(&clip).await.unwrap();
    padded.is_as_promised(1.2).shows_pattern_within(437, 0, 405, 720);
    assert!(mean(&padded.clip_frame(0.3), 200, 360).0.iter().all(|value| *value < 6));

    studio.settings.fit = Fit::Crop;
    let cropped = studio.process(&clip).await.unwrap();
    cropped.is_as_promised(1.2);
    assert!(is_like(mean(&cropped.clip_frame(0.3), 200, 360), GREY));
}

#[tokio::test]
async fn cards_may_be_left_out() {
    let mut studio = Studio::new();
    studio.settings.opening_s = 0.0;
    studio.settings.closing_s = 0.0;
    let clip = studio.film(&format!("-f lavfi -i testsrc2=s=320x180:r=30:d=2 {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    assert!((made.produced.duration_s - 2.0).abs() < 0.05);
    let content = std::fs::read(made.file(ResultFile::Video)).unwrap();
    assert!(!String::from_utf8_lossy(&content).contains("Lavc"));
}

#[tokio::test]
async fn every_quality_joins_with_its_cards_on_any_number_of_threads() {
    for quality in [Quality::Economy, Quality::Balanced, Quality::Best] {
        let mut studio = Studio::new();
        studio.settings.quality = quality;
        studio.threads = Threads::Limited(1);
        let clip =
            studio.film(&format!("-f lavfi -i testsrc2=s=320x180:r=25:d=1.2 {X264}"), "clip.mp4");
        studio.process(&clip).await.unwrap().is_as_promised(1.2);
    }
}

#[tokio::test]
async fn an_operator_s_own_artwork_is_used() {
    let mut studio = Studio::new();
    let purple = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="purple"/></svg>"#;
    studio.settings.card_svg = Some(studio.write("card.svg", purple));
    studio.settings.watermark_svg = Some(studio.write("mark.svg", purple));
    studio.settings.watermark_opacity = 1.0;
    let clip = studio.film(&format!("-f lavfi -i testsrc2=s=320x180:r=30:d=2 {X264}"), "clip.mp4");
    let made = studio.process(&clip).await.unwrap();
    let purple = image::Rgb([0x80, 0x00, 0x80]);
    assert!(is_like(mean(&frame(&made.video(), 1.2), 640, 360), purple));
    assert!(is_like(mean(&made.clip_frame(1.0), 1200, 60), purple));
}

#[tokio::test]
async fn the_same_clip_gives_the_same_bytes() {
    let mut studio = Studio::new();
    studio.threads = Threads::Limited(1);
    let clip = studio.film(&format!("-f lavfi -i testsrc2=s=320x180:r=30:d=2 {X264}"), "clip.mp4");
    let (first, second) =
        (studio.process(&clip).await.unwrap(), studio.process(&clip).await.unwrap());
    for file in ResultFile::ALL {
        let content = |made: &Made| std::fs::read(made.file(file)).unwrap();
        assert!(content(&first) == content(&second), "{file:?}");
    }
}

/// Nine hundred pictures of 1280×720 would take 1.2 GB.
#[tokio::test]
async fn memory_does_not_grow_with_the_clip() {
    let mut studio = Studio::new();
    studio.settings.max_address_space_bytes = 1_400_000_000;
    studio.threads = Threads::Limited(1);
    let clip = studio.film(&format!("-f lavfi -i testsrc2=s=64x36:r=30:d=30 {X264}"), "clip.mp4");
    studio.process(&clip).await.unwrap();
}
