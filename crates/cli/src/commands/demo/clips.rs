//! The clips: one of each kind that players send.

use std::{path::Path, process::Stdio};

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use super::{
    cast::{CAST, Contestant},
    scene::{Palette, Scene},
};

/// Seconds of each clip: long enough to look at, short enough to render.
const LENGTH_S: u32 = 6;

/// How a clip is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// `1080p, 30 frames/s`, for the progress bar.
    pub label: &'static str,
    pub extension: &'static str,
    size: (u32, u32),
    rate: u32,
    /// Further filters, after the picture is drawn.
    filters: &'static str,
    sound: Sound,
    encoder: &'static str,
    /// Whether a player must turn the picture, as phones record.
    rotate: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    None,
    /// The noise of a crowd.
    Crowd,
    /// Two tracks: crowd and whistle.
    Two,
}

/// What a contestant uploads.
#[derive(Debug, Clone, Copy)]
pub struct Clip {
    pub contestant: &'static Contestant,
    pub format: &'static Format,
    scene: Scene,
    palette: Palette,
}

const VP9: &str = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -row-mt 1 -b:v 3M";
const HEVC: &str =
    "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -x265-params log-level=none";
const INTERLACED: &str =
    "-c:v libx264 -preset ultrafast -crf 20 -pix_fmt yuv420p -flags +ildct+ilme";
const H264: &str = "-c:v libx264 -preset ultrafast -crf 20 -pix_fmt yuv420p";

const FORMATS: [Format; CAST.len()] = [
    mp4("1080p, 30 frames/s", (1920, 1080), 30).with(Sound::Crowd),
    mp4("vertical", (1080, 1920), 30).with(Sound::Crowd),
    Format { filters: ",scale=3840:2160", ..mp4("4K", (1920, 1080), 30) }.with(Sound::Crowd),
    mp4("60 frames/s", (1920, 1080), 60).with(Sound::Crowd),
    mp4("silent", (1920, 1080), 25),
    mp4("square", (1080, 1080), 30).with(Sound::Crowd),
    Format { extension: "webm", encoder: VP9, ..mp4("WebM, VP9", (1280, 720), 30) }
        .with(Sound::Crowd),
    Format { extension: "mov", encoder: HEVC, ..mp4("10-bit HEVC", (1920, 1080), 30) }
        .with(Sound::Crowd),
    // Recorded lying down, to be shown upright.
    Format { filters: ",transpose=2", rotate: true, ..mp4("rotated phone", (1080, 1920), 30) },
    Format { filters: ",scale=1440:1080,setsar=4/3", ..mp4("anamorphic", (1920, 1080), 30) },
    mp4("wide screen, 24 frames/s", (1920, 816), 24).with(Sound::Crowd),
    Format { extension: "mkv", ..mp4("two sound tracks", (1280, 720), 30) }.with(Sound::Two),
    Format { filters: ",interlace", encoder: INTERLACED, ..mp4("interlaced", (1920, 1080), 50) },
    Format { extension: "mov", ..mp4("4:3, MOV", (1440, 1080), 30) }.with(Sound::Crowd),
];

const SCENES: [Scene; 3] = [Scene::Court, Scene::Shot, Scene::Street];

const PALETTES: [Palette; 4] = [
    Palette { ground: "0xC98B4B", accent: "0x1D4E89", home: "0xD7263D", away: "0x3F88C5" },
    Palette { ground: "0x274060", accent: "0xB5651D", home: "0x2A9D8F", away: "0xE76F51" },
    Palette { ground: "0x1B1B3A", accent: "0x5C4B8A", home: "0xF4A259", away: "0x5B8E7D" },
    Palette { ground: "0x8FB996", accent: "0x2D6A4F", home: "0x9B2226", away: "0x005F73" },
];

const fn mp4(label: &'static str, size: (u32, u32), rate: u32) -> Format {
    Format {
        label,
        extension: "mp4",
        size,
        rate,
        filters: "",
        sound: Sound::None,
        encoder: H264,
        rotate: false,
    }
}

impl Format {
    const fn with(self, sound: Sound) -> Self {
        Self { sound, ..self }
    }
}

/// Everybody's clip.
pub fn clips() -> impl Iterator<Item = Clip> {
    CAST.iter().zip(&FORMATS).enumerate().map(|(index, (contestant, format))| Clip {
        contestant,
        format,
        scene: SCENES[index % SCENES.len()],
        palette: PALETTES[index % PALETTES.len()],
    })
}

impl Clip {
    /// Renders the clip into `file`.
    pub async fn render(&self, ffmpeg: &Path, file: &Path) -> anyhow::Result<()> {
        if !self.format.rotate {
            return run(ffmpeg, self.arguments(), file).await;
        }
        // ffmpeg notes a rotation only where it copies a stream.
        let lying = file.with_extension("lying.mp4");
        run(ffmpeg, self.arguments(), &lying).await?;
        let turned = ["-i", &lying.display().to_string(), "-c", "copy"].map(str::to_owned);
        let note = ["-metadata:s:v:0", "rotate=270"].map(str::to_owned);
        run(ffmpeg, turned.into_iter().chain(note).collect(), file).await?;
        tokio::fs::remove_file(&lying).await.context("cannot clean up")
    }

    fn arguments(&self) -> Vec<String> {
        let Format { size: (width, height), rate, filters, sound, encoder, .. } = *self.format;
        let ground = self.palette.ground;
        let picture = format!("color=c={ground}:s={width}x{height}:r={rate}:d={LENGTH_S}");
        let filters = self.scene.filters(self.palette, self.contestant) + filters;
        let mut arguments = vec!["-f".to_owned(), "lavfi".into(), "-i".into(), picture];
        for source in sound.sources() {
            arguments.extend(["-f", "lavfi", "-i", source].map(str::to_owned));
        }
        arguments.extend(["-vf".into(), filters]);
        let streams = (0..=sound.sources().len()).flat_map(|n| ["-map".to_owned(), n.to_string()]);
        arguments.extend(streams);
        arguments.extend(encoder.split(' ').map(str::to_owned));
        arguments.extend(["-shortest", "-t", &LENGTH_S.to_string()].map(str::to_owned));
        arguments
    }
}

impl Sound {
    fn sources(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Crowd => &["anoisesrc=color=brown:amplitude=0.3"],
            Self::Two => &["anoisesrc=color=brown:amplitude=0.3", "sine=f=2200:b=4"],
        }
    }
}

async fn run(ffmpeg: &Path, arguments: Vec<String>, file: &Path) -> anyhow::Result<()> {
    let output = Command::new(ffmpeg)
        .args(["-nostdin", "-v", "error", "-y"])
        .args(arguments)
        .arg(file)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("cannot start {}", ffmpeg.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ffmpeg could not render a clip: {}", said.trim());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_contestant_sends_another_kind_of_clip() {
        let labels: BTreeSet<_> = clips().map(|clip| clip.format.label).collect();
        let emails: BTreeSet<_> = CAST.iter().map(Contestant::email).collect();
        assert_eq!((labels.len(), emails.len()), (CAST.len(), CAST.len()));
        assert!(CAST.len() >= 12);
    }
}
