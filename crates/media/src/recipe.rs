//! The recipe: from a probe and the settings to ffmpeg's arguments. Pure.

use std::path::{Path, PathBuf};

use anb_config::{Fit, MediaSettings, Sound};
use anb_domain::keys::ResultFile;

use crate::{
    Threads,
    encoder::{self, Encoding},
    frame,
    gate::Admitted,
    origin::Origin,
    probe::{Interlaced, Probe},
    rate::FrameRate,
    sandbox,
    sniff::Container,
};

/// Names of what lies in the work folder until the join.
pub const CLIP_FILE: &str = "clip.mp4";
pub const SOUND_FILE: &str = "sound.m4a";
pub const LIST_FILE: &str = "join.ffconcat";
/// The large and the small watermark.
pub const WATERMARK_FILES: [&str; 2] = ["watermark-1280.png", "watermark-480.png"];

const PREVIEW_S: f64 = 3.0;
const PREVIEW_SIZE: (u32, u32) = (480, 270);
/// So many pictures, evenly spread, stand for the poster; the one most like
/// all of them wins, which a fade from black never is.
const POSTER_CANDIDATES: u32 = 5;
/// Seconds in which a card appears, and in which it is gone.
const FADE_S: f64 = 0.35;

/// Where the watermark goes, and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    pub file: PathBuf,
    pub x: u32,
    pub y: u32,
}

/// The watermark for the result and for the small pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermarks {
    pub large: Watermark,
    pub small: Watermark,
}

/// Everything the main command depends on.
#[derive(Debug, Clone)]
pub struct Transcode {
    pub input: PathBuf,
    pub container: Container,
    pub max_pixels: u64,
    pub clip: Admitted,
    pub audio: Option<usize>,
    pub encoding: Encoding,
    pub fit: Fit,
    pub sound: Sound,
    /// Lengths of the two cards as encoded: in seconds of whole pictures.
    pub opening_s: f64,
    pub closing_s: f64,
    pub watermarks: Option<Watermarks>,
    pub threads: Threads,
}

impl Transcode {
    #[must_use]
    pub fn new(
        settings: &MediaSettings,
        probe: &Probe,
        clip: Admitted,
        max_pixels: u64,
        input: &Path,
    ) -> Self {
        let rate = FrameRate::for_clip(clip.facts.frame_rate, settings.max_frame_rate);
        let origin = Origin::of(probe, &clip.video);
        Self {
            input: input.to_owned(),
            container: probe.container,
            max_pixels,
            clip,
            audio: probe.audio().map(|audio| audio.index),
            encoding: Encoding { quality: settings.quality, origin, rate },
            fit: settings.fit,
            sound: settings.sound,
            opening_s: card_length_s(settings.opening_s, rate),
            closing_s: card_length_s(settings.closing_s, rate),
            watermarks: None,
            threads: Threads::All,
        }
    }

    /// The stream of sound that the result keeps.
    #[must_use]
    pub fn kept_audio(&self) -> Option<usize> {
        self.audio.filter(|_| self.sound == Sound::Keep)
    }

    /// Seconds of the whole result.
    #[must_use]
    pub fn total_s(&self) -> f64 {
        self.opening_s + self.clip.kept_s + self.closing_s
    }

    /// Arguments that make clip, posters, preview and sound of one decoding.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = beginning(self.threads, true);
        arguments.extend(self.inputs());
        arguments.extend(["-filter_complex".into(), self.graph()]);
        arguments.extend(self.outputs());
        arguments
    }

    fn inputs(&self) -> Vec<String> {
        let mut inputs = threads(self.decoder_threads());
        inputs.extend(sandbox::input_options(self.container.demuxer(), Some(self.max_pixels)));
        inputs.extend(["-t".into(), format!("{:.6}", self.clip.kept_s)]);
        inputs.extend(["-i".into(), sandbox::file_url(&self.input)]);
        inputs
    }

    /// Drawn pictures are decoded in no time, beside the encoder on a thread of
    /// their own; each further thread only holds pictures of the source in memory.
    fn decoder_threads(&self) -> Threads {
        match (self.encoding.origin, self.threads) {
            (Origin::Drawn, Threads::All) => Threads::Limited(2),
            (_, threads) => threads,
        }
    }

    fn graph(&self) -> String {
        let mut chains = vec![self.picture(), self.poster_choice(), self.preview_cut()];
        chains.extend(self.branding());
        chains.extend(poster_files("large"));
        chains.extend(poster_files("small"));
        chains.extend(self.sound_chain());
        chains.join(";\n")
    }

    /// From the source to the frame, at a constant rate, and split in three.
    fn picture(&self) -> String {
        let video = &self.clip.video;
        let deinterlace = match video.interlaced {
            Interlaced::No => "",
            Interlaced::Yes => "bwdif=mode=send_frame:deint=all,",
            Interlaced::Unknown => "bwdif=mode=send_frame:deint=interlaced,",
        };
        // With sound, a late first picture is held from the start; without,
        // nobody misses the wait.
        let constant = match self.kept_audio() {
            Some(_) => format!("fps={}:start_time=0", self.encoding.rate),
            None => format!("setpts=PTS-STARTPTS,fps={}", self.encoding.rate),
        };
        let fill = frame::filters(video, self.fit, self.encoding.origin);
        format!(
            "[0:{}]{deinterlace}{constant},{fill},setparams=range=tv:colorspace=bt709\
             :color_primaries=bt709:color_trc=bt709,split=3[main][still][hover]",
            video.index
        )
    }

    fn poster_choice(&self) -> String {
        let every = self.clip.kept_s / f64::from(POSTER_CANDIDATES);
        format!(
            "[still]select='isnan(prev_selected_t)+gte(t-prev_selected_t,{every:.3})',\
             scale=in_color_matrix=bt709:in_range=tv,format=rgb24,thumbnail=n={POSTER_CANDIDATES},\
             split[still-large][still-full];\
             [still-full]scale={}:{}:flags=lanczos[still-small]",
            PREVIEW_SIZE.0, PREVIEW_SIZE.1
        )
    }

    fn preview_cut(&self) -> String {
        let start = ((self.clip.kept_s - PREVIEW_S) / 3.0).max(0.0);
        format!(
            "[hover]trim=start={start:.3}:duration={PREVIEW_S},setpts=PTS-STARTPTS,\
             scale={}:{}:flags=area[hover-small]",
            PREVIEW_SIZE.0, PREVIEW_SIZE.1
        )
    }

    /// The watermark is laid on in each size's own resolution. The graph reads
    /// it by itself: as inputs, the watermarks would be read when asked for,
    /// and the posters, due only at the end, ask for nothing but the clip, so
    /// that every picture would wait in memory.
    fn branding(&self) -> Vec<String> {
        let Some(marks) = &self.watermarks else {
            return [
                "[main]null[clip]",
                "[hover-small]null[preview]",
                "[still-large]null[large]",
                "[still-small]null[small]",
            ]
            .map(String::from)
            .to_vec();
        };
        let at = |mark: &Watermark| format!("overlay={}:{}", mark.x, mark.y);
        let (large, small) = (at(&marks.large), at(&marks.small));
        let read = |file: &str, name: &str| {
            format!(
                "movie={file}:f=png_pipe,split[{name}-rgb][{name}-any];\
                 [{name}-any]scale=out_color_matrix=bt709:out_range=tv,format=yuva420p[{name}-yuv]"
            )
        };
        vec![
            read(WATERMARK_FILES[0], "mark"),
            read(WATERMARK_FILES[1], "tiny"),
            format!("[main][mark-yuv]{large}[clip]"),
            format!("[hover-small][tiny-yuv]{small}[preview]"),
            format!("[still-large][mark-rgb]{large}:format=rgb[large]"),
            format!("[still-small][tiny-rgb]{small}:format=rgb[small]"),
        ]
    }

    /// Silence under the cards is made here: the join copies.
    fn sound_chain(&self) -> Option<String> {
        let index = self.kept_audio()?;
        Some(format!(
            "[0:{index}]aresample=48000:async=1:first_pts=0,loudnorm=I=-16:TP=-1.5:LRA=11,\
             aresample=48000,aformat=channel_layouts=stereo,adelay={:.0}:all=1,\
             apad=whole_dur={:.3},atrim=end={:.3}[sound]",
            self.opening_s * 1000.0,
            self.total_s(),
            self.total_s()
        ))
    }

    fn outputs(&self) -> Vec<String> {
        let mut outputs = Vec::new();
        let threads = threads(self.threads);
        let mut output = |label: &str, options: &[String], file: &str| {
            outputs.extend(["-map".into(), format!("[{label}]")]);
            outputs.extend(threads.iter().cloned());
            outputs.extend(options.iter().cloned());
            outputs.extend(anonymous());
            outputs.push(file.into());
        };
        let mut preview = encoder::preview(self.encoding.rate);
        preview.extend(["-movflags".into(), "+faststart".into()]);
        output("clip", &self.encoding.arguments(), CLIP_FILE);
        output("preview", &preview, ResultFile::Preview.file_name());
        // Half the time of the default, 4, for 3 % more bytes.
        let webp = words("-c:v libwebp -quality 82 -compression_level 2 -frames:v 1 -f webp");
        let jpeg =
            words("-c:v mjpeg -q:v 3 -huffman optimal -flags:v +bitexact -frames:v 1 -f mjpeg");
        output("large-webp", &webp, ResultFile::PosterLargeWebp.file_name());
        output("large-jpeg", &jpeg, ResultFile::PosterLargeJpeg.file_name());
        output("small-webp", &webp, ResultFile::PosterSmallWebp.file_name());
        output("small-jpeg", &jpeg, ResultFile::PosterSmallJpeg.file_name());
        if self.kept_audio().is_some() {
            output("sound", &words("-c:a aac -b:a 160k"), SOUND_FILE);
        }
        outputs
    }
}

/// JPEG and WebP both mean BT.601; the first in full range.
fn poster_files(size: &str) -> [String; 3] {
    [
        format!("[{size}]split[{size}-a][{size}-b]"),
        format!("[{size}-a]scale=out_color_matrix=bt601:out_range=tv,format=yuv420p[{size}-webp]"),
        format!("[{size}-b]scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p[{size}-jpeg]"),
    ]
}

/// A card's length in whole pictures, in seconds.
#[must_use]
pub fn card_length_s(wanted_s: f64, rate: FrameRate) -> f64 {
    (wanted_s * rate.per_second()).round() / rate.per_second()
}

/// Arguments that make moving pictures out of nothing.
#[must_use]
pub fn test_pictures(length_s: u32, to: &str) -> Vec<String> {
    let source = format!("testsrc2=s={}x{}:r=25:d={length_s}", frame::WIDTH, frame::HEIGHT);
    let mut arguments = beginning(Threads::Limited(1), false);
    arguments.extend(["-f".into(), "lavfi".into(), "-i".into(), source]);
    arguments.extend(words("-threads 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -f mp4"));
    arguments.push(to.into());
    arguments
}

/// Arguments that encode a still of 1280×720 as a card. The still is decoded
/// once and repeated as a picture.
#[must_use]
pub fn card(still: &Path, length_s: f64, encoding: Encoding, to: &Path) -> Vec<String> {
    let frames = (length_s * encoding.rate.per_second()).round();
    let fade_s = FADE_S.min(length_s / 3.0);
    let mut arguments = beginning(Threads::All, false);
    arguments.extend(words("-protocol_whitelist file -f image2"));
    arguments.extend(["-framerate".into(), encoding.rate.to_string()]);
    arguments.extend(["-i".into(), sandbox::file_url(still)]);
    arguments.extend([
        "-vf".into(),
        format!(
            "loop=loop=-1:size=1,fade=in:d={fade_s:.3},fade=out:st={:.3}:d={fade_s:.3},\
             scale={}:{}:out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=1,\
             setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
            length_s - fade_s,
            frame::WIDTH,
            frame::HEIGHT
        ),
        "-frames:v".into(),
        format!("{frames:.0}"),
    ]);
    arguments.extend(encoding.arguments());
    arguments.extend(anonymous());
    arguments.extend(["-f".into(), "mp4".into(), sandbox::file_url(to)]);
    arguments
}

/// The list of parts for ffmpeg's concat demuxer.
#[must_use]
pub fn join_list(parts: &[PathBuf]) -> String {
    let lines = parts.iter().map(|part| {
        let path = sandbox::file_url(part).replace('\'', r"'\''");
        format!("file '{path}'\n")
    });
    std::iter::once("ffconcat version 1.0\n".to_owned()).chain(lines).collect()
}

/// Arguments that put the parts together without encoding again.
#[must_use]
pub fn join(rate: FrameRate, with_sound: bool) -> Vec<String> {
    let mut arguments = beginning(Threads::All, true);
    arguments.extend(words("-protocol_whitelist file -f concat -safe 0"));
    arguments.extend(["-i".into(), LIST_FILE.into()]);
    if with_sound {
        arguments.extend(["-i".into(), SOUND_FILE.into()]);
    }
    arguments.extend(words("-map 0:v:0"));
    if with_sound {
        arguments.extend(words("-map 1:a:0"));
    }
    arguments.extend(words("-c copy -movflags +faststart -video_track_timescale"));
    arguments.push(rate.timescale().to_string());
    arguments.extend(anonymous());
    arguments.push(ResultFile::Video.file_name().into());
    arguments
}

fn beginning(limit: Threads, progress: bool) -> Vec<String> {
    let mut arguments = words("-hide_banner -nostdin -nostats -loglevel level+info -benchmark -y");
    if progress {
        arguments.extend(words("-progress pipe:1"));
    }
    if let Threads::Limited(n) = limit {
        arguments.extend(["-filter_threads".into(), n.to_string()]);
        arguments.extend(["-filter_complex_threads".into(), n.to_string()]);
    }
    arguments
}

fn threads(limit: Threads) -> Vec<String> {
    match limit {
        Threads::All => vec![],
        Threads::Limited(n) => vec!["-threads".into(), n.to_string()],
    }
}

/// Nothing of the source's title, place or camera, nothing of ours.
fn anonymous() -> Vec<String> {
    words("-map_metadata -1 -map_chapters -1 -fflags +bitexact")
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use anb_config::Quality;
    use anb_domain::SourceFacts;

    use super::*;
    use crate::probe::{AudioStream, Colour, Extent, VideoStream};

    fn admitted(width: u32, height: u32, duration_s: f64, frame_rate: f64) -> Admitted {
        let video = VideoStream {
            index: 0,
            codec: "h264".into(),
            width,
            height,
            pixel_aspect: 1.0,
            on_its_side: false,
            interlaced: Interlaced::No,
            pixel_format: "yuv420p".into(),
            colour: Colour::default(),
            average_rate: Some(frame_rate),
            claimed_s: Some(duration_s),
            is_default: true,
        };
        let facts = SourceFacts {
            size_bytes: 1_000_000,
            duration_s,
            width,
            height,
            frame_rate,
            codec: "h264".into(),
            container: "mov".into(),
        };
        Admitted { facts, video, kept_s: duration_s.min(30.0) }
    }

    fn transcode(settings: &MediaSettings, clip: Admitted) -> Transcode {
        transcode_from(settings, clip, 20_000)
    }

    /// From a source that takes so many bytes a picture.
    fn transcode_from(settings: &MediaSettings, clip: Admitted, bytes: u64) -> Transcode {
        let extent =
            Extent { stream: 0, packets: 100, bytes: bytes * 100, start_s: 0.0, end_s: 4.0 };
        let probe = Probe {
            container: Container::Mov,
            videos: vec![clip.video.clone()],
            audios: vec![AudioStream { index: 1, is_default: true }],
            claimed_s: None,
            extents: vec![extent],
        };
        let input = Path::new("/in/clip.mp4");
        let mark = |name: &str, x, y| Watermark { file: format!("/cache/{name}").into(), x, y };
        let mut recipe = Transcode::new(settings, &probe, clip, 4160 * 4160, input);
        recipe.watermarks = Some(Watermarks {
            large: mark("large.png", 1016, 32),
            small: mark("small.png", 344, 12),
        });
        recipe
    }

    /// One option and its values a line.
    fn shown(arguments: &[String]) -> String {
        arguments.iter().fold(String::new(), |text, argument| {
            let is_option = argument.starts_with('-');
            text + if is_option { "\n" } else { " " } + argument
        })
    }

    #[test]
    fn a_landscape_clip() {
        let recipe = transcode(&MediaSettings::default(), admitted(1920, 1080, 42.0, 60.0));
        insta::assert_snapshot!(shown(&recipe.arguments()));
    }

    #[test]
    fn a_vertical_hdr_clip_with_sound_on_one_thread() {
        let settings = MediaSettings { sound: Sound::Keep, ..MediaSettings::default() };
        let mut clip = admitted(1920, 1080, 12.0, 29.97);
        clip.video.on_its_side = true;
        clip.video.colour.transfer = Some("arib-std-b67".into());
        clip.video.colour.primaries = Some("bt2020".into());
        let recipe = Transcode { threads: Threads::Limited(1), ..transcode(&settings, clip) };
        insta::assert_snapshot!(shown(&recipe.arguments()));
    }

    #[test]
    fn an_interlaced_full_range_clip_is_padded_without_watermark() {
        let settings = MediaSettings { fit: Fit::Pad, ..MediaSettings::default() };
        let mut clip = admitted(720, 576, 12.0, 25.0);
        clip.video.interlaced = Interlaced::Yes;
        clip.video.pixel_format = "yuvj420p".into();
        let recipe = Transcode { watermarks: None, ..transcode(&settings, clip) };
        insta::assert_snapshot!(shown(&recipe.arguments()));
    }

    #[test]
    fn a_drawn_clip_gets_another_scaler_and_another_encoder() {
        let settings = MediaSettings::default();
        let recipe = transcode_from(&settings, admitted(1920, 1080, 42.0, 30.0), 1_800);
        insta::assert_snapshot!(shown(&recipe.arguments()));
    }

    #[test]
    fn cards_and_their_join() {
        let rate = FrameRate { num: 30_000, den: 1001 };
        let encoding = Encoding { quality: Quality::Best, origin: Origin::Filmed, rate };
        let length_s = card_length_s(2.5, rate);
        let card = card(Path::new("/c/card.png"), length_s, encoding, Path::new("/c/o.mp4"));
        let list = join_list(&["/c/o.mp4".into(), "/w/Ana's/clip.mp4".into()]);
        let join = join(rate, true);
        insta::assert_snapshot!(format!("{}\n\n{list}{}", shown(&card), shown(&join)));
    }

    #[test]
    fn cards_last_whole_pictures() {
        let length_s = card_length_s(2.5, FrameRate { num: 30_000, den: 1001 });
        assert!((length_s - 75.0 * 1001.0 / 30_000.0).abs() < 1e-9);
    }
}
