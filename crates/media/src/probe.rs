//! What ffprobe says about a file, in types.

use std::{fmt, path::Path};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use crate::{sandbox, sniff::Container};

/// A file as ffprobe sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub container: Container,
    /// Every stream with moving pictures; covers and thumbnails are not.
    pub videos: Vec<VideoStream>,
    pub audios: Vec<AudioStream>,
    /// The length in seconds that the container claims.
    pub claimed_s: Option<f64>,
    /// Where the packets of each stream really begin and end.
    pub extents: Vec<Extent>,
}

/// A stream of moving pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoStream {
    pub index: usize,
    pub codec: String,
    /// Pixels as stored: neither rotation nor pixel shape applied.
    pub width: u32,
    pub height: u32,
    /// Width of a pixel over its height.
    pub pixel_aspect: f64,
    /// The picture is to be turned by 90° or 270° before it is shown.
    pub on_its_side: bool,
    pub interlaced: Interlaced,
    pub pixel_format: String,
    pub colour: Colour,
    /// Pictures per second on average, as the container says.
    pub average_rate: Option<f64>,
    /// The length in seconds that the container claims for this stream.
    pub claimed_s: Option<f64>,
    pub is_default: bool,
}

/// A stream of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioStream {
    pub index: usize,
    pub is_default: bool,
}

/// Whether pictures consist of two half pictures taken at different times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interlaced {
    No,
    Yes,
    /// The container does not say; single pictures may.
    Unknown,
}

/// How numbers become colours; ffmpeg's names, `None` where the file is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Colour {
    pub range: Option<String>,
    pub matrix: Option<String>,
    pub transfer: Option<String>,
    pub primaries: Option<String>,
}

/// The span that a stream's packets cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub stream: usize,
    pub packets: u32,
    pub bytes: u64,
    /// Presentation times in seconds.
    pub start_s: f64,
    pub end_s: f64,
}

impl Extent {
    /// Seconds from the first packet to the end of the last.
    #[must_use]
    pub fn length_s(&self) -> f64 {
        (self.end_s - self.start_s).max(0.0)
    }

    /// What a packet takes on average; 0 where there is none.
    #[must_use]
    pub fn bits_per_packet(&self) -> f64 {
        self.bytes as f64 * 8.0 / f64::from(self.packets.max(1))
    }
}

impl VideoStream {
    /// Width and height in square pixels, the right way up.
    #[must_use]
    pub fn shown_size(&self) -> (u32, u32) {
        let width = scaled(self.width, self.pixel_aspect);
        if self.on_its_side { (self.height, width) } else { (width, self.height) }
    }
}

impl Probe {
    /// The stream to show: the one marked as default, else the largest.
    #[must_use]
    pub fn video(&self) -> Option<&VideoStream> {
        self.videos.iter().max_by_key(|v| (v.is_default, u64::from(v.width) * u64::from(v.height)))
    }

    /// The stream to hear: the one marked as default, else the first.
    #[must_use]
    pub fn audio(&self) -> Option<AudioStream> {
        self.audios.iter().find(|a| a.is_default).or(self.audios.first()).copied()
    }

    /// The packets of one stream; `None` when there are none.
    #[must_use]
    pub fn extent(&self, stream: usize) -> Option<&Extent> {
        self.extents.iter().find(|extent| extent.stream == stream && extent.packets > 0)
    }

    /// Pictures per second of a stream. Containers estimate the average from
    /// a few pictures; where the packets disagree, they are right, except for
    /// half pictures, which come one to a packet.
    #[must_use]
    pub fn frame_rate(&self, video: &VideoStream) -> f64 {
        let measured = self
            .extent(video.index)
            .filter(|extent| extent.length_s() > 0.0)
            .map(|extent| f64::from(extent.packets) / extent.length_s());
        match (video.average_rate, measured) {
            (Some(average), Some(measured))
                if video.interlaced == Interlaced::No && (average / measured - 1.0).abs() > 0.1 =>
            {
                measured
            }
            (Some(average), _) => average,
            (None, measured) => measured.unwrap_or_default(),
        }
    }
}

/// The arguments with which ffprobe describes `input`. Its packets are listed,
/// not decoded, and only those of the first `read_s` seconds.
#[must_use]
pub fn arguments(input: &Path, container: Container, read_s: f64, max_pixels: u64) -> Vec<String> {
    let mut arguments: Vec<String> = ["-v", "error", "-hide_banner"].map(String::from).to_vec();
    arguments.extend(sandbox::input_options(container.demuxer(), Some(max_pixels)));
    arguments.extend([
        "-read_intervals".into(),
        format!("%+{read_s:.0}"),
        "-show_entries".into(),
        ENTRIES.into(),
        "-of".into(),
        "json=compact=1".into(),
        sandbox::file_url(input),
    ]);
    arguments
}

const ENTRIES: &str = "packet=stream_index,pts_time,dts_time,duration_time,size\
:format=duration,start_time\
:stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,field_order,\
color_range,color_space,color_transfer,color_primaries,avg_frame_rate,duration\
:stream_disposition=default,attached_pic,timed_thumbnails,still_image\
:stream_tags=DURATION:stream_side_data=rotation";

/// Reads ffprobe's answer.
///
/// # Errors
/// When it is not the JSON that [`arguments`] asks for.
pub fn parse(json: &[u8], container: Container) -> serde_json::Result<Probe> {
    let answer: Answer = serde_json::from_slice(json)?;
    let start_s = answer.format.start_time.and_then(|text| text.parse().ok()).unwrap_or(0.0);
    let claimed_s = answer.format.duration.as_deref().and_then(seconds);
    let extents = answer.packets.0.into_iter().map(|extent| extent.shifted(start_s)).collect();
    let (mut videos, mut audios) = (Vec::new(), Vec::new());
    for stream in answer.streams {
        match stream.codec_type.as_deref() {
            Some("video") if !stream.disposition.is_a_still() => videos.push(stream.into_video()),
            Some("audio") => audios.push(AudioStream {
                index: stream.index,
                is_default: stream.disposition.default == 1,
            }),
            _ => {}
        }
    }
    Ok(Probe { container, videos, audios, claimed_s, extents })
}

/// The picture size for which a decoder refused the file, if it did. Containers
/// and codecs can claim any size; nothing so large is ever allocated.
#[must_use]
pub fn refused_size(stderr: &str) -> Option<(u32, u32)> {
    let (_, rest) = stderr.split_once("Picture size ")?;
    let (size, _) = rest.split_once(' ')?;
    let (width, height) = size.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    packets: Packets,
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
    start_time: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    index: usize,
    codec_type: Option<String>,
    #[serde(default)]
    codec_name: String,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    sample_aspect_ratio: Option<String>,
    #[serde(default)]
    pix_fmt: String,
    field_order: Option<String>,
    color_range: Option<String>,
    color_space: Option<String>,
    color_transfer: Option<String>,
    color_primaries: Option<String>,
    avg_frame_rate: Option<String>,
    duration: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    tags: Tags,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Disposition {
    default: u8,
    attached_pic: u8,
    timed_thumbnails: u8,
    still_image: u8,
}

#[derive(Deserialize, Default)]
struct Tags {
    #[serde(rename = "DURATION")]
    duration: Option<String>,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

impl Disposition {
    fn is_a_still(&self) -> bool {
        self.attached_pic == 1 || self.timed_thumbnails == 1 || self.still_image == 1
    }
}

impl Stream {
    fn into_video(self) -> VideoStream {
        let rotation = self.side_data_list.iter().find_map(|data| data.rotation).unwrap_or(0.0);
        let claimed = self.duration.as_deref().and_then(seconds);
        VideoStream {
            index: self.index,
            codec: self.codec_name,
            width: self.width,
            height: self.height,
            pixel_aspect: self
                .sample_aspect_ratio
                .and_then(|text| ratio(&text, ':'))
                .filter(|aspect| (0.1..=10.0).contains(aspect))
                .unwrap_or(1.0),
            on_its_side: (rotation.abs() % 180.0 - 90.0).abs() < 45.0,
            interlaced: match self.field_order.as_deref() {
                Some("progressive") => Interlaced::No,
                Some("tt" | "bb" | "tb" | "bt") => Interlaced::Yes,
                _ => Interlaced::Unknown,
            },
            pixel_format: self.pix_fmt,
            colour: Colour {
                range: known(self.color_range),
                matrix: known(self.color_space),
                transfer: known(self.color_transfer),
                primaries: known(self.color_primaries),
            },
            average_rate: self.avg_frame_rate.and_then(|text| ratio(&text, '/')),
            claimed_s: claimed.or_else(|| self.tags.duration.as_deref().and_then(clock_time)),
            is_default: self.disposition.default == 1,
        }
    }
}

/// Packets are many: each is folded into its stream's extent as it is read.
#[derive(Default)]
struct Packets(Vec<Extent>);

#[derive(Deserialize)]
struct Packet<'a> {
    stream_index: Option<usize>,
    #[serde(borrow)]
    pts_time: Option<&'a str>,
    #[serde(borrow)]
    dts_time: Option<&'a str>,
    #[serde(borrow)]
    duration_time: Option<&'a str>,
    #[serde(borrow)]
    size: Option<&'a str>,
}

impl Packets {
    fn add(&mut self, packet: &Packet<'_>) {
        let Some(stream) = packet.stream_index else { return };
        let position = self.0.iter().position(|extent| extent.stream == stream);
        let extent = if let Some(position) = position {
            &mut self.0[position]
        } else {
            let (start_s, end_s) = (f64::INFINITY, f64::NEG_INFINITY);
            self.0.push(Extent { stream, packets: 0, bytes: 0, start_s, end_s });
            let last = self.0.len() - 1;
            &mut self.0[last]
        };
        extent.packets += 1;
        extent.bytes += packet.size.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        // AVI knows only when a packet is to be decoded.
        let time = packet.pts_time.or(packet.dts_time);
        let Some(pts) = time.and_then(|text| text.parse::<f64>().ok()) else { return };
        let length = packet.duration_time.and_then(seconds).unwrap_or(0.0);
        extent.start_s = extent.start_s.min(pts);
        extent.end_s = extent.end_s.max(pts + length);
    }
}

impl Extent {
    fn shifted(self, by: f64) -> Self {
        Self { start_s: self.start_s - by, end_s: self.end_s - by, ..self }
    }
}

impl<'de> Deserialize<'de> for Packets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fold;
        impl<'de> Visitor<'de> for Fold {
            type Value = Packets;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of packets")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Packets, A::Error> {
                let mut packets = Packets::default();
                while let Some(packet) = list.next_element::<Packet<'de>>()? {
                    packets.add(&packet);
                }
                Ok(packets)
            }
        }
        deserializer.deserialize_seq(Fold)
    }
}

fn known(name: Option<String>) -> Option<String> {
    name.filter(|name| !matches!(name.as_str(), "unknown" | "unspecified" | "reserved"))
}

fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0)
}

/// `00:01:02.500000000`, as Matroska's tags have it.
fn clock_time(text: &str) -> Option<f64> {
    let mut parts = text.splitn(3, ':').map(str::parse::<f64>);
    let (hours, minutes, rest) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Some(hours * 3600.0 + minutes * 60.0 + rest).filter(|value| *value > 0.0)
}

fn ratio(text: &str, separator: char) -> Option<f64> {
    let (num, den) = text.split_once(separator)?;
    let value = num.parse::<f64>().ok()? / den.parse::<f64>().ok()?;
    (value.is_finite() && value > 0.0).then_some(value)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a pixel count times an aspect between 0.1 and 10, rounded; `as` saturates"
)]
fn scaled(pixels: u32, by: f64) -> u32 {
    (f64::from(pixels) * by).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_clip_is_understood() {
        let json = br#"{"packets":[
            {"stream_index":0,"pts_time":"0.500000","duration_time":"0.040000"},
            {"stream_index":1,"pts_time":"0.500000","duration_time":"0.021333"},
            {"stream_index":0,"pts_time":"0.580000","duration_time":"0.040000"},
            {"stream_index":0,"pts_time":"0.540000","duration_time":"0.040000"}],
          "streams":[
            {"index":0,"codec_name":"hevc","codec_type":"video","width":1920,"height":1080,
             "sample_aspect_ratio":"1:1","pix_fmt":"yuv420p10le","color_space":"bt2020nc",
             "color_transfer":"arib-std-b67","color_primaries":"bt2020","color_range":"tv",
             "field_order":"progressive","avg_frame_rate":"25/1","duration":"0.120000",
             "disposition":{"default":1,"attached_pic":0},
             "side_data_list":[{"rotation":-90}]},
            {"index":1,"codec_type":"audio","disposition":{"default":1}},
            {"index":2,"codec_type":"video","codec_name":"mjpeg","width":300,"height":300,
             "disposition":{"attached_pic":1}},
            {"index":3,"codec_type":"data"}],
          "format":{"duration":"0.120000","start_time":"0.500000"}}"#;
        let probe = parse(json, Container::Mov).unwrap();
        let video = probe.video().unwrap();

        assert_eq!(video.shown_size(), (1080, 1920));
        assert_eq!(video.colour.transfer.as_deref(), Some("arib-std-b67"));
        assert_eq!(probe.videos.len(), 1, "a cover is not a moving picture");
        assert_eq!(probe.audio().unwrap().index, 1);
        let extent = probe.extent(0).unwrap();
        assert_eq!(extent.packets, 3);
        assert!(extent.start_s.abs() < 1e-9 && (extent.length_s() - 0.12).abs() < 1e-9);
        assert!((probe.frame_rate(video) - 25.0).abs() < 1e-9);
    }

    #[test]
    fn half_a_description_is_not_a_panic() {
        let probe = parse(b"{}", Container::Avi).unwrap();
        assert_eq!(probe.video(), None);
        assert!(parse(b"", Container::Avi).is_err());
    }

    #[test]
    fn the_refused_size_is_named() {
        let stderr = "[h264 @ 0x5] [IMGUTILS @ 0x7] Picture size 16384x16384 is invalid\n";
        assert_eq!(refused_size(stderr), Some((16384, 16384)));
        assert_eq!(refused_size("moov atom not found"), None);
    }

    #[test]
    fn matroska_lengths_are_read() {
        assert_eq!(clock_time("01:00:02.500000000"), Some(3602.5));
        assert_eq!(clock_time("nonsense"), None);
    }
}
