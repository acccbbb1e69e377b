//! Filters that bring any source's colours to what the result is tagged with:
//! BT.709, limited range, 8 bits.

use crate::{origin::Origin, probe::VideoStream};

/// Luminance in cd/m² of white paper in an HDR picture
/// ([ITU-R BT.2408](https://www.itu.int/pub/R-REP-BT.2408)): it becomes the
/// result's white, what is brighter is compressed.
const HDR_WHITE: f64 = 203.0;
/// The brightest that such pictures are graded for, in cd/m².
const HDR_PEAK: f64 = 1000.0;
/// Below this share of white nothing changes; highlights roll off above.
const HDR_KNEE: f64 = 0.5;
/// Untagged pictures with this many lines follow BT.709, smaller ones BT.601.
const HD_LINES: u32 = 720;

/// Scales to `width`×`height` and converts in one go. The size is given as
/// numbers: a stream that changes size midway comes out right.
#[must_use]
pub fn scale(video: &VideoStream, origin: Origin, width: u32, height: u32) -> String {
    match video.colour.transfer.as_deref() {
        Some(transfer @ ("smpte2084" | "arib-std-b67")) => {
            tone_mapped(video, transfer, width, height)
        }
        _ if is_wide_gamut(video) => {
            let input = zscale_input(video, "bt709");
            format!(
                "zscale=w={width}:h={height}:f=bicubic:{input}:m=bt709:p=bt709:t=bt709:r=tv,\
                 format=yuv420p"
            )
        }
        _ => standard(video, origin, width, height),
    }
}

fn standard(video: &VideoStream, origin: Origin, width: u32, height: u32) -> String {
    // Edges that somebody drew are worth the exact arithmetic.
    let flags = match origin {
        Origin::Filmed => "bicubic",
        Origin::Drawn => "lanczos+accurate_rnd+full_chroma_int",
    };
    let scale = format!("scale=w={width}:h={height}:flags={flags}");
    let output = "out_color_matrix=bt709:out_range=tv,format=yuv420p";
    if is_rgb(video) {
        return format!("{scale}:{output}");
    }
    let (matrix, range) = (scale_matrix(video), range(video));
    format!("{scale}:in_color_matrix={matrix}:in_range={range}:{output}")
}

/// Light is added up linearly, brought to the smaller gamut, compressed with
/// its hue kept, and encoded again. Scaled first: the rest works on floats.
fn tone_mapped(video: &VideoStream, transfer: &str, width: u32, height: u32) -> String {
    let input = zscale_input(video, transfer);
    let peak = HDR_PEAK / HDR_WHITE;
    format!(
        "zscale=w={width}:h={height}:f=bicubic:{input}:t=linear:npl={HDR_WHITE},\
         format=gbrpf32le,zscale=p=bt709,\
         tonemap=tonemap=mobius:param={HDR_KNEE}:desat=0:peak={peak:.3},\
         zscale=t=bt709:m=bt709:p=bt709:r=tv,format=yuv420p"
    )
}

fn zscale_input(video: &VideoStream, transfer: &str) -> String {
    let matrix = match video.colour.matrix.as_deref() {
        _ if is_rgb(video) => "gbr",
        Some("bt709") => "709",
        Some("smpte170m" | "bt470bg") => "470bg",
        Some("bt2020c") => "2020_cl",
        _ => "2020_ncl",
    };
    let primaries = match video.colour.primaries.as_deref() {
        Some("bt709") => "709",
        Some("smpte432") => "smpte432",
        Some("smpte431") => "smpte431",
        _ => "2020",
    };
    let range = range(video);
    format!("min={matrix}:pin={primaries}:tin={transfer}:rin={range}")
}

fn is_wide_gamut(video: &VideoStream) -> bool {
    matches!(video.colour.primaries.as_deref(), Some("bt2020" | "smpte432" | "smpte431"))
        || matches!(video.colour.matrix.as_deref(), Some("bt2020nc" | "bt2020c"))
}

fn scale_matrix(video: &VideoStream) -> &'static str {
    match video.colour.matrix.as_deref() {
        Some("bt709") => "bt709",
        Some("smpte170m" | "bt470bg") => "bt601",
        Some("smpte240m") => "smpte240m",
        Some("fcc") => "fcc",
        _ if video.width.min(video.height) >= HD_LINES => "bt709",
        _ => "bt601",
    }
}

fn range(video: &VideoStream) -> &'static str {
    let full = video.colour.range.as_deref() == Some("pc")
        || video.pixel_format.starts_with("yuvj")
        || is_rgb(video);
    if full { "pc" } else { "tv" }
}

fn is_rgb(video: &VideoStream) -> bool {
    ["rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8"]
        .iter()
        .any(|prefix| video.pixel_format.starts_with(prefix))
}
