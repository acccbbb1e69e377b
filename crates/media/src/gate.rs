//! Who gets in: decides on a probe before anything is decoded.

use anb_domain::{Failure, FailureCode, ShowcaseRules, SourceFacts};

use crate::probe::{Probe, VideoStream};

/// Codecs that cameras, phones and editors write. The rest of ffmpeg's four
/// hundred decoders (vector drawings, text art, game formats) stays shut.
pub const CODECS: [&str; 27] = [
    "h264",
    "hevc",
    "vp8",
    "vp9",
    "av1",
    "mpeg4",
    "mpeg2video",
    "mpeg1video",
    "mjpeg",
    "prores",
    "dnxhd",
    "theora",
    "h263",
    "flv1",
    "vp6f",
    "msmpeg4v3",
    "msmpeg4v2",
    "wmv1",
    "wmv2",
    "wmv3",
    "vc1",
    "dvvideo",
    "svq3",
    "ffv1",
    "huffyuv",
    "qtrle",
    "rawvideo",
];

/// The last picture's length is not always known; a file that ends this many
/// seconds before its stated end is still complete.
const MISSING_END_S: f64 = 0.3;

/// A clip that may be worked on.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    pub facts: SourceFacts,
    pub video: VideoStream,
    /// Seconds of the clip that the result shows.
    pub kept_s: f64,
}

/// Checks a probed file of `size_bytes` against the rules.
///
/// # Errors
/// What is wrong with it, with the figures for its player's sentence.
pub fn admit(
    probe: &Probe,
    size_bytes: u64,
    rules: &ShowcaseRules,
    trim_s: f64,
) -> Result<Admitted, Failure> {
    let video = probe.video().ok_or_else(|| Failure::new(FailureCode::NoVideoStream))?;
    if !CODECS.contains(&video.codec.as_str()) {
        let detail = format!("codec {:?} is not on the list", video.codec);
        return Err(Failure::new(FailureCode::NotAVideo).with_detail(detail));
    }
    if video.width == 0 || video.height == 0 {
        return Err(unreadable("the picture has no size"));
    }
    check_stored_size(video, rules)?;
    check_claims(probe, video, size_bytes, rules)?;

    let extent = probe.extent(video.index).ok_or_else(|| unreadable("no packet of the picture"))?;
    let rate = probe.frame_rate(video);
    let picture_s = match extent.length_s() {
        length if length > 0.0 => length,
        _ => 1.0 / rate.max(1.0),
    };
    check_complete(probe, video, trim_s)?;
    let facts = facts(probe, video, size_bytes, picture_s);
    rules.check(&facts)?;
    Ok(Admitted { facts, video: video.clone(), kept_s: picture_s.min(trim_s) })
}

fn facts(probe: &Probe, video: &VideoStream, size_bytes: u64, duration_s: f64) -> SourceFacts {
    let (width, height) = video.shown_size();
    SourceFacts {
        size_bytes,
        duration_s,
        width,
        height,
        frame_rate: probe.frame_rate(video),
        codec: video.codec.clone(),
        container: probe.container.demuxer().into(),
    }
}

/// Memory grows with the pixels that are stored, whatever is shown of them.
fn check_stored_size(video: &VideoStream, rules: &ShowcaseRules) -> Result<(), Failure> {
    let side = video.width.max(video.height);
    if side > rules.max_side {
        return Err(too_many_pixels(rules, side));
    }
    Ok(())
}

/// The rule on size in pixels, broken.
#[must_use]
pub fn too_many_pixels(rules: &ShowcaseRules, side: u32) -> Failure {
    Failure::measured(FailureCode::ResolutionTooHigh, rules.max_side.into(), side.into())
}

/// A header that claims ten hours is taken at its word: too long.
fn check_claims(
    probe: &Probe,
    video: &VideoStream,
    size_bytes: u64,
    rules: &ShowcaseRules,
) -> Result<(), Failure> {
    let claimed = probe.claimed_s.unwrap_or(0.0).max(video.claimed_s.unwrap_or(0.0));
    rules.check(&facts(probe, video, size_bytes, claimed.max(rules.min_duration_s)))
}

/// A claimed length that is not there does not pass for one: when the file
/// ends inside the part we show, half a clip would be published as a whole.
fn check_complete(probe: &Probe, video: &VideoStream, trim_s: f64) -> Result<(), Failure> {
    let Some(claimed_s) = video.claimed_s.or(probe.claimed_s) else { return Ok(()) };
    if !probe.container.states_its_length() {
        return Ok(());
    }
    let end_s = probe.extents.iter().map(|extent| extent.end_s).fold(0.0, f64::max);
    if end_s + MISSING_END_S < claimed_s.min(trim_s) {
        return Err(unreadable(format!("ends at {end_s:.2} s, claims {claimed_s:.2} s")));
    }
    Ok(())
}

fn unreadable(detail: impl Into<String>) -> Failure {
    Failure::new(FailureCode::Unreadable).with_detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        probe::{Colour, Extent, Interlaced},
        sniff::Container,
    };

    fn clip(claimed_s: f64, real_s: f64) -> Probe {
        Probe {
            container: Container::Mov,
            videos: vec![VideoStream {
                index: 0,
                codec: "h264".into(),
                width: 1920,
                height: 1080,
                pixel_aspect: 1.0,
                on_its_side: false,
                interlaced: Interlaced::No,
                pixel_format: "yuv420p".into(),
                colour: Colour::default(),
                average_rate: Some(30.0),
                claimed_s: Some(claimed_s),
                is_default: true,
            }],
            audios: vec![],
            claimed_s: Some(claimed_s),
            extents: vec![Extent {
                stream: 0,
                packets: 90,
                bytes: 9_000,
                start_s: 0.0,
                end_s: real_s,
            }],
        }
    }

    fn code(probe: &Probe) -> Result<f64, FailureCode> {
        admit(probe, 1000, &ShowcaseRules::default(), 30.0)
            .map(|admitted| admitted.kept_s)
            .map_err(|failure| failure.code)
    }

    #[test]
    fn thirty_seconds_are_kept() {
        assert_eq!(code(&clip(12.0, 12.0)), Ok(12.0));
        assert_eq!(code(&clip(120.0, 120.0)), Ok(30.0));
    }

    #[test]
    fn a_claimed_length_is_believed_when_it_is_too_long() {
        assert_eq!(code(&clip(36_000.0, 3.0)), Err(FailureCode::TooLong));
    }

    #[test]
    fn a_lost_end_counts_only_where_it_would_be_seen() {
        assert_eq!(code(&clip(20.0, 9.0)), Err(FailureCode::Unreadable));
        assert_eq!(code(&clip(90.0, 40.0)), Ok(30.0));
    }

    #[test]
    fn a_stream_without_packets_is_unreadable() {
        let empty = Probe { extents: vec![], ..clip(5.0, 5.0) };
        assert_eq!(code(&empty), Err(FailureCode::Unreadable));
    }

    #[test]
    fn unusual_codecs_stay_outside() {
        let mut drawing = clip(5.0, 5.0);
        drawing.videos[0].codec = "svg".into();
        assert_eq!(code(&drawing), Err(FailureCode::NotAVideo));
    }

    #[test]
    fn an_enormous_picture_is_refused() {
        let mut huge = clip(5.0, 5.0);
        huge.videos[0].height = 16_384;
        assert_eq!(code(&huge), Err(FailureCode::ResolutionTooHigh));
    }
}
