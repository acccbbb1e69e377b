//! The artwork of one brand: watermark and card.

use std::{fs, path::Path};

use anb_config::{MediaSettings, contest::BrandPart};
use sha2::{Digest, Sha256};

use crate::{
    FRAME,
    draw::{ArtworkError, draw, fade, png},
    made,
};

/// The space that a watermark may take in a frame of a given width.
struct Corner {
    frame_width: u32,
    width: u32,
    height: u32,
    margin: u32,
}

/// A fifth of the width, clear of the edge that televisions cut off.
const LARGE: Corner = Corner { frame_width: FRAME.0, width: 232, height: 80, margin: 32 };
/// Relatively larger, so that it is still legible.
const SMALL: Corner = Corner { frame_width: 480, width: 124, height: 44, margin: 12 };

/// What the operators of this installation bring along in files.
#[derive(Debug, Clone)]
pub struct OwnArt {
    watermark: Option<String>,
    card: Option<String>,
    opacity: f64,
}

impl OwnArt {
    /// Reads the files that the settings name.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn load(settings: &MediaSettings) -> Result<Self, ArtworkError> {
        let read = |path: &Option<_>| path.as_deref().map(read).transpose();
        Ok(Self {
            watermark: read(&settings.watermark_svg)?,
            card: read(&settings.card_svg)?,
            opacity: settings.watermark_opacity.clamp(0.0, 1.0),
        })
    }
}

fn read(path: &Path) -> Result<String, ArtworkError> {
    fs::read_to_string(path)
        .map_err(|source| ArtworkError::Read { path: path.display().to_string(), source })
}

/// Watermark and card of one brand, still to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Artwork {
    watermark: String,
    card: String,
    opacity: f64,
}

/// A watermark, drawn, and where it lies in its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub png: Vec<u8>,
    pub x: u32,
    pub y: u32,
}

impl Artwork {
    /// The brand's own watermark, else that of the files, else one that is made
    /// of logo and colour. The card likewise.
    #[must_use]
    pub fn new(own: &OwnArt, brand: &BrandPart) -> Self {
        let logo = brand.logo_svg.as_deref();
        let watermark = brand.watermark_svg.clone().or_else(|| own.watermark.clone());
        Self {
            watermark: watermark.unwrap_or_else(|| made::watermark(brand.color, logo)),
            card: own.card.clone().unwrap_or_else(|| made::card(brand.color, logo)),
            opacity: own.opacity,
        }
    }

    /// What tells this watermark from any other.
    #[must_use]
    pub fn watermark_digest(&self) -> String {
        digest(&[self.watermark.as_bytes(), self.opacity.to_string().as_bytes()])
    }

    /// What tells this card from any other.
    #[must_use]
    pub fn card_digest(&self) -> String {
        digest(&[self.card.as_bytes()])
    }

    #[must_use]
    pub fn has_watermark(&self) -> bool {
        self.opacity > 0.0
    }

    /// The watermark of the video, and of the preview.
    ///
    /// # Errors
    /// When the artwork is no SVG.
    pub fn large_mark(&self) -> Result<Mark, ArtworkError> {
        self.mark(&LARGE)
    }

    /// The watermark of the silent preview that pages show.
    ///
    /// # Errors
    /// When the artwork is no SVG.
    pub fn small_mark(&self) -> Result<Mark, ArtworkError> {
        self.mark(&SMALL)
    }

    fn mark(&self, corner: &Corner) -> Result<Mark, ArtworkError> {
        let mut picture = draw(&self.watermark, (corner.width, corner.height))?;
        fade(&mut picture, self.opacity);
        let x = corner.frame_width.saturating_sub(corner.margin + picture.width());
        Ok(Mark { png: png(&picture)?, x, y: corner.margin })
    }

    /// The picture of both cards (PNG).
    ///
    /// # Errors
    /// When the artwork is no SVG.
    pub fn card(&self) -> Result<Vec<u8>, ArtworkError> {
        png(&draw(&self.card, FRAME)?)
    }
}

/// The beginning of a SHA-256 over all parts, for names in caches.
#[must_use]
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(10).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect id="anb-plate" width="10" height="10" fill="#00ff00"/></svg>"##;

    fn artwork(opacity: f64, brand: &BrandPart) -> Artwork {
        let settings = MediaSettings { watermark_opacity: opacity, ..MediaSettings::default() };
        Artwork::new(&OwnArt::load(&settings).unwrap(), brand)
    }

    fn pixels(png: &[u8]) -> image::RgbaImage {
        image::load_from_memory(png).unwrap().to_rgba8()
    }

    #[test]
    fn the_watermark_sits_in_the_top_right_corner() {
        let artwork = artwork(0.85, &BrandPart::default());
        let marks = [artwork.large_mark().unwrap(), artwork.small_mark().unwrap()];
        for (mark, frame) in marks.iter().zip([1280, 480]) {
            let (width, height) = pixels(&mark.png).dimensions();
            assert!(mark.x + width < frame && mark.x > frame / 2);
            assert_eq!((width % 2, height % 2), (0, 0));
        }
    }

    #[test]
    fn its_opacity_is_the_settings() {
        let strongest = |opacity| {
            let mark = artwork(opacity, &BrandPart::default()).large_mark().unwrap();
            pixels(&mark.png).pixels().map(|pixel| pixel[3]).max().unwrap()
        };
        assert_eq!(strongest(0.85), 217);
        assert_eq!(strongest(0.5), 128);
        assert!(!artwork(0.0, &BrandPart::default()).has_watermark());
    }

    #[test]
    fn another_colour_makes_another_card() {
        let of = |color: &str| BrandPart { color: color.parse().unwrap(), ..BrandPart::default() };
        let (ours, green) = (of("#f26b21"), of("#00aa55"));
        let drawn = |brand| pixels(&artwork(0.85, brand).card().unwrap());
        let greenest = |picture: &image::RgbaImage| {
            picture
                .pixels()
                .filter(|pixel| pixel[1] > 100 && pixel[1] > pixel[0].saturating_mul(2))
                .count()
        };
        assert_eq!(greenest(&drawn(&ours)), 0);
        assert!(greenest(&drawn(&green)) > 5_000);
        let digest = |brand| artwork(0.85, brand).card_digest();
        assert_ne!(digest(&ours), digest(&green));
        assert_eq!(digest(&ours), digest(&BrandPart::default()));
    }

    #[test]
    fn a_logo_is_on_card_and_watermark_and_no_other_name_beside_it() {
        let brand = BrandPart { logo_svg: Some(LOGO.into()), ..BrandPart::default() };
        let artwork = artwork(1.0, &brand);
        let green =
            |png: &[u8]| pixels(png).pixels().filter(|pixel| pixel.0 == [0, 255, 0, 255]).count();
        assert!(green(&artwork.card().unwrap()) > 100_000);
        assert!(green(&artwork.large_mark().unwrap().png) > 1_000);
        let white = pixels(&artwork.card().unwrap());
        assert_eq!(white.pixels().filter(|pixel| pixel.0 == [255; 4]).count(), 0, "no letters");
    }

    #[test]
    fn a_watermark_of_its_own_goes_before_all_others() {
        let brand = BrandPart { watermark_svg: Some(LOGO.into()), ..BrandPart::default() };
        let mark = artwork(1.0, &brand).large_mark().unwrap();
        let picture = pixels(&mark.png);
        assert_eq!(picture.dimensions(), (80, 80));
        assert!(picture.pixels().all(|pixel| pixel.0 == [0, 255, 0, 255]));
    }
}
