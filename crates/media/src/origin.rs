//! Whether pictures were filmed or drawn: drawn ones (scoreboards, slides,
//! screens) have hard edges and large flat areas, which want another scaler and
//! another encoder (docs/decisions/0011).

use crate::probe::{Probe, VideoStream};

/// Bits per pixel of the source below which its pictures count as drawn. The
/// drawn clip of the benchmark takes 0.007; phones film at 0.1 to 0.3, and
/// messengers send at 0.05 and more. A filmed clip that stays below hardly
/// moves and encodes as easily.
const DRAWN_BITS_PER_PIXEL: f64 = 0.015;

/// How the pictures of a clip came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Filmed,
    Drawn,
}

impl Origin {
    /// Judged by what the stream's packets cost its own encoder. What cannot be
    /// told was filmed, as nearly everything is.
    #[must_use]
    pub fn of(probe: &Probe, video: &VideoStream) -> Self {
        let pixels = f64::from(video.width) * f64::from(video.height);
        let bits = probe.extent(video.index).map(|extent| extent.bits_per_packet() / pixels);
        match bits {
            Some(bits) if bits > 0.0 && bits < DRAWN_BITS_PER_PIXEL => Self::Drawn,
            _ => Self::Filmed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{probe, sniff::Container};

    fn origin(size: (u32, u32), packet_bytes: &str) -> Origin {
        let packet = format!(r#"{{"stream_index":0,"pts_time":"0.0"{packet_bytes}}}"#);
        let (width, height) = size;
        let json = format!(
            r#"{{"packets":[{packet},{packet}],"streams":[{{"index":0,"codec_type":"video",
                 "width":{width},"height":{height}}}]}}"#
        );
        let probe = probe::parse(json.as_bytes(), Container::Mov).unwrap();
        Origin::of(&probe, probe.video().unwrap())
    }

    #[test]
    fn few_bits_for_many_pixels_were_drawn() {
        assert_eq!(origin((1920, 1080), r#","size":"1800""#), Origin::Drawn);
        assert_eq!(origin((1920, 1080), r#","size":"50000""#), Origin::Filmed);
        assert_eq!(origin((320, 180), r#","size":"1800""#), Origin::Filmed);
    }

    #[test]
    fn what_tells_no_size_was_filmed() {
        assert_eq!(origin((1920, 1080), ""), Origin::Filmed);
        assert_eq!(origin((1920, 1080), r#","size":"0""#), Origin::Filmed);
    }
}
