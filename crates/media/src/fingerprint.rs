//! What tells one recipe from another: everything that decides how results
//! look, tried on clips that call for all of it.

use std::path::Path;

use anb_artwork::{Artwork, digest};
use anb_config::MediaSettings;
use anb_domain::SourceFacts;

use crate::{
    gate::Admitted,
    probe::{AudioStream, Colour, Extent, Interlaced, Probe, VideoStream},
    recipe::{self, Transcode},
    sniff::Container,
};

/// Longer than any trim, so that the trim shows.
const LENGTH_S: f64 = 1e6;
/// Bytes of a picture at which it counts as filmed, and as drawn.
const FILMED_BYTES: u64 = 20_000;
const DRAWN_BYTES: u64 = 1_000;

/// The same for the same settings and artwork, whatever the machine. The
/// encoder's version is not part of it: an update is no reason to make
/// everything again.
pub fn of(settings: &MediaSettings, artwork: &Artwork) -> String {
    let [wide, tall] = [clip(1920, 1080, 60.0), clip(1080, 1920, 25.0)];
    let filmed = [wide, tall].map(|clip| plan(settings, clip, FILMED_BYTES)).concat();
    let drawn = plan(settings, clip(1920, 1080, 30.0), DRAWN_BYTES);
    let plans = [filmed, drawn].concat();
    let [watermark, card] = [artwork.watermark_digest(), artwork.card_digest()];
    digest(&[watermark.as_bytes(), card.as_bytes(), format!("{plans:?}").as_bytes()])
}

fn plan(settings: &MediaSettings, clip: Admitted, bytes: u64) -> Vec<String> {
    let probe = Probe {
        container: Container::Mov,
        videos: vec![clip.video.clone()],
        audios: vec![AudioStream { index: 1, is_default: true }],
        claimed_s: None,
        extents: vec![Extent { stream: 0, packets: 1, bytes, start_s: 0.0, end_s: LENGTH_S }],
    };
    let clip = Admitted { kept_s: settings.trim_s, ..clip };
    let recipe = Transcode::new(settings, &probe, clip, 1, Path::new("in"));
    let encoding = recipe.encoding;
    let card = |length_s| recipe::card(Path::new("in"), length_s, encoding, Path::new("out"));
    [
        recipe.arguments(),
        card(recipe.opening_s),
        card(recipe.closing_s),
        recipe::join(encoding.rate, recipe.kept_audio().is_some()),
    ]
    .concat()
}

fn clip(width: u32, height: u32, frame_rate: f64) -> Admitted {
    let video = VideoStream {
        index: 0,
        codec: "h264".into(),
        width,
        height,
        pixel_aspect: 1.0,
        on_its_side: false,
        interlaced: Interlaced::Unknown,
        pixel_format: "yuv420p".into(),
        colour: Colour::default(),
        average_rate: Some(frame_rate),
        claimed_s: Some(LENGTH_S),
        is_default: true,
    };
    let facts = SourceFacts {
        size_bytes: 1,
        duration_s: LENGTH_S,
        width,
        height,
        frame_rate,
        codec: "h264".into(),
        container: "mov".into(),
    };
    Admitted { facts, video, kept_s: LENGTH_S }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use anb_config::{Fit, Quality, Sound};

    use super::*;

    fn fingerprint(change: impl Fn(&mut MediaSettings)) -> String {
        let mut settings = MediaSettings::default();
        change(&mut settings);
        let own = anb_artwork::OwnArt::load(&settings).unwrap();
        of(&settings, &Artwork::new(&own, &anb_config::contest::BrandPart::default()))
    }

    #[test]
    fn whatever_changes_the_result_changes_the_recipe() {
        let artwork = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&artwork, "<svg/>").unwrap();
        let svg = || Some(artwork.path().to_owned());
        let recipes = [
            fingerprint(|_| {}),
            fingerprint(|media| media.trim_s = 20.0),
            fingerprint(|media| media.fit = Fit::Pad),
            fingerprint(|media| media.quality = Quality::Best),
            fingerprint(|media| media.sound = Sound::Keep),
            fingerprint(|media| media.max_frame_rate = 25),
            fingerprint(|media| media.watermark_opacity = 0.5),
            fingerprint(|media| media.opening_s = 1.0),
            fingerprint(|media| media.closing_s = 0.0),
            fingerprint(|media| media.watermark_svg = svg()),
            fingerprint(|media| media.card_svg = svg()),
        ];
        assert_eq!(HashSet::from(recipes.clone()).len(), recipes.len());
    }

    #[test]
    fn how_far_ffmpeg_may_go_does_not() {
        let other = fingerprint(|media| {
            media.timeout_s = 5;
            media.ffmpeg = "/opt/ffmpeg".into();
        });
        assert_eq!(other, fingerprint(|_| {}));
    }
}
