//! The encoder's arguments: one table, read by clip, cards and preview alike.

use anb_config::Quality;

use crate::{origin::Origin, rate::FrameRate};

/// Seconds between two pictures at which a player can start.
const KEYFRAME_S: f64 = 2.0;

/// Preset, constant rate factor and further x264 options of each point on the
/// curve of speed, size and fidelity (docs/decisions/0011).
fn point(quality: Quality, origin: Origin) -> (&'static str, &'static str, &'static str) {
    match (quality, origin) {
        (Quality::Economy, _) => ("superfast", "23", ""),
        (Quality::Balanced, Origin::Filmed) => (
            "veryfast",
            "23.75",
            ":subme=3:me=dia:partitions=i8x8,i4x4:deadzone-inter=12:deadzone-intra=8",
        ),
        (Quality::Balanced, Origin::Drawn) => (
            "slower",
            "25.75",
            ":no-psy=1:aq-mode=0:subme=10:ref=3:bframes=7:rc-lookahead=12\
             :sync-lookahead=0:threads=1",
        ),
        (Quality::Best, _) => ("faster", "20", ""),
    }
}

/// What decides how the branded video is encoded. Cards and the clip between
/// them share it, so that their packets can be joined into one stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Encoding {
    pub quality: Quality,
    pub origin: Origin,
    pub rate: FrameRate,
}

impl Encoding {
    #[must_use]
    pub fn arguments(self) -> Vec<String> {
        let (preset, crf, options) = point(self.quality, self.origin);
        x264(preset, crf, options, self.rate)
    }
}

/// Arguments of the hover preview, which is small and seen for three seconds.
#[must_use]
pub fn preview(rate: FrameRate) -> Vec<String> {
    x264("veryfast", "27", ":rc-lookahead=5:threads=1:subme=1:me=dia", rate)
}

/// `stitchable` keeps the stream's header independent of its content. The
/// supplemental information (type 6), in which x264 writes its options, is
/// taken out.
fn x264(preset: &str, crf: &str, options: &str, rate: FrameRate) -> Vec<String> {
    let keyframes = format!("{:.0}", KEYFRAME_S * rate.per_second());
    [
        "-c:v",
        "libx264",
        "-preset",
        preset,
        "-crf",
        crf,
        "-profile:v",
        "high",
        "-pix_fmt",
        "yuv420p",
        "-g",
        &keyframes,
        "-flags:v",
        "+bitexact+cgop",
        "-x264-params",
        &format!("stitchable=1:open-gop=0{options}"),
        "-color_range",
        "tv",
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
        "-chroma_sample_location",
        "left",
        "-bsf:v",
        "filter_units=remove_types=6",
        "-video_track_timescale",
        &rate.timescale().to_string(),
    ]
    .map(String::from)
    .to_vec()
}
