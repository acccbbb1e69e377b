//! What is made of an uploaded clip (DESIGN §5) and how far ffmpeg may go.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// How a picture that is not 16:9 fills the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It sits whole on a blurred copy of itself.
    #[default]
    Blur,
    /// It sits whole between black bars.
    Pad,
    /// It fills the frame; what sticks out is cut off.
    Crop,
}

/// A point on the measured curve of speed, size and fidelity
/// (docs/decisions, "encoder settings").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Fewest CPU seconds.
    Economy,
    #[default]
    /// Between the two: what most showcases want.
    Balanced,
    /// Highest fidelity.
    Best,
}

/// What becomes of the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// Taken out: music rights are the first thing that gets a clip removed.
    #[default]
    Remove,
    /// Kept, brought to −16 LUFS (EBU R 128).
    Keep,
}

/// Section `media`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MediaSettings {
    /// Seconds kept from the beginning of a clip. Default 30.
    #[serde(deserialize_with = "crate::number::exact")]
    pub trim_s: f64,
    /// How a picture that is not 16:9 fills the frame.
    pub fit: Fit,
    /// Speed against size and fidelity, at points that were measured.
    pub quality: Quality,
    /// What becomes of the sound.
    pub sound: Sound,
    /// Pictures per second at most; slower clips keep their rate. Default 30.
    pub max_frame_rate: u32,
    /// Opacity of the watermark, 0 (none) to 1. Default 0.85.
    #[serde(deserialize_with = "crate::number::exact")]
    pub watermark_opacity: f64,
    /// The watermark's artwork (SVG); ours, when absent.
    pub watermark_svg: Option<PathBuf>,
    /// Seconds of the opening card; 0 for none. Opening and closing card
    /// together last 5 s at most. Default 2.5.
    #[serde(deserialize_with = "crate::number::exact")]
    pub opening_s: f64,
    /// Seconds of the closing card; 0 for none. Default 2.
    #[serde(deserialize_with = "crate::number::exact")]
    pub closing_s: f64,
    /// The artwork of both cards (SVG, 16:9); ours, when absent.
    pub card_svg: Option<PathBuf>,
    /// Name or path of ffmpeg. Default: the one in `PATH`.
    pub ffmpeg: PathBuf,
    /// Name or path of ffprobe. Default: the one in `PATH`.
    pub ffprobe: PathBuf,
    /// Where encoded cards and rendered artwork are kept. Default
    /// `data_dir/cache`.
    pub cache_dir: Option<PathBuf>,
    /// Wall-clock seconds that processing one clip may take in all. Default 600.
    pub timeout_s: u64,
    /// Seconds without any progress after which ffmpeg counts as hung.
    /// Default 60.
    pub stall_timeout_s: u64,
    /// Address space of one ffmpeg in bytes. Default 6 GiB: a 4096×4096 HEVC
    /// clip needs 2.
    pub max_address_space_bytes: u64,
    /// CPU seconds of one ffmpeg. Default 1200.
    pub max_cpu_s: u64,
    /// Largest file that one ffmpeg may write, in bytes. Default 1 GB.
    pub max_file_bytes: u64,
}

impl Default for MediaSettings {
    fn default() -> Self {
        Self {
            trim_s: 30.0,
            fit: Fit::Blur,
            quality: Quality::Balanced,
            sound: Sound::Remove,
            max_frame_rate: 30,
            watermark_opacity: 0.85,
            watermark_svg: None,
            opening_s: 2.5,
            closing_s: 2.0,
            card_svg: None,
            ffmpeg: "ffmpeg".into(),
            ffprobe: "ffprobe".into(),
            cache_dir: None,
            timeout_s: 600,
            stall_timeout_s: 60,
            max_address_space_bytes: 6 << 30,
            max_cpu_s: 1200,
            max_file_bytes: 1_000_000_000,
        }
    }
}

impl MediaSettings {
    /// Both cards together, in seconds.
    const MAX_CARDS_S: f64 = 5.0;

    pub(crate) fn check(&self, report: &mut Report) {
        report.require(self.trim_s > 0.0 && self.trim_s.is_finite(), &["media.trim_s"], {
            format!("must be more than 0, but is {}", self.trim_s)
        });
        report.within("media.max_frame_rate", self.max_frame_rate, 1, 240);
        report.within("media.watermark_opacity", self.watermark_opacity, 0.0, 1.0);
        self.check_cards(report);
        report.require(is_file(self.watermark_svg.as_deref()), &["media.watermark_svg"], NO_FILE);
        report.require(is_file(self.card_svg.as_deref()), &["media.card_svg"], NO_FILE);
        report.at_least("media.timeout_s", self.timeout_s, 1);
        report.at_least("media.stall_timeout_s", self.stall_timeout_s, 1);
        report.at_least("media.max_address_space_bytes", self.max_address_space_bytes, 256 << 20);
        report.at_least("media.max_cpu_s", self.max_cpu_s, 1);
        report.at_least("media.max_file_bytes", self.max_file_bytes, 1 << 20);
    }

    fn check_cards(&self, report: &mut Report) {
        report.within("media.opening_s", self.opening_s, 0.0, Self::MAX_CARDS_S);
        report.within("media.closing_s", self.closing_s, 0.0, Self::MAX_CARDS_S);
        let cards_s = self.opening_s + self.closing_s;
        report.require(
            cards_s <= Self::MAX_CARDS_S,
            &["media.opening_s", "media.closing_s"],
            format!("may last {} s together, but last {cards_s} s", Self::MAX_CARDS_S),
        );
    }
}

const NO_FILE: &str = "names no file";

fn is_file(path: Option<&Path>) -> bool {
    path.is_none_or(Path::is_file)
}
