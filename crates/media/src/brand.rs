//! Artwork: SVG in, pictures of the exact size out.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anb_config::MediaSettings;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    frame,
    recipe::{Watermark, Watermarks},
};

const OUR_WATERMARK: &[u8] = include_bytes!("brand/watermark.svg");
const OUR_CARD: &[u8] = include_bytes!("brand/card.svg");

/// The space that a watermark may take in a frame of a given width.
struct Corner {
    frame_width: u32,
    width: u32,
    height: u32,
    margin: u32,
}

/// A fifth of the width, clear of the edge that televisions cut off.
const LARGE: Corner = Corner { frame_width: 1280, width: 232, height: 80, margin: 32 };
/// Relatively larger, so that it is still legible.
const SMALL: Corner = Corner { frame_width: 480, width: 124, height: 44, margin: 12 };

/// Why artwork cannot be used.
#[derive(Debug, Error)]
pub enum BrandError {
    #[error("cannot read artwork {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error("artwork is not a usable SVG: {0}")]
    Svg(String),
    #[error("cannot keep rendered artwork: {0}")]
    Keep(#[from] io::Error),
}

/// The artwork of one showcase.
#[derive(Debug, Clone)]
pub struct Brand {
    watermark: Vec<u8>,
    card: Vec<u8>,
    opacity: f64,
    cache_dir: PathBuf,
}

impl Brand {
    /// Reads the operator's artwork, or takes ours.
    ///
    /// # Errors
    /// When a named file cannot be read.
    pub fn load(settings: &MediaSettings, cache_dir: &Path) -> Result<Self, BrandError> {
        let read = |path: &Option<PathBuf>, ours: &[u8]| match path {
            None => Ok(ours.to_vec()),
            Some(path) => fs::read(path)
                .map_err(|source| BrandError::Read { path: path.display().to_string(), source }),
        };
        Ok(Self {
            watermark: read(&settings.watermark_svg, OUR_WATERMARK)?,
            card: read(&settings.card_svg, OUR_CARD)?,
            opacity: settings.watermark_opacity.clamp(0.0, 1.0),
            cache_dir: cache_dir.to_owned(),
        })
    }

    /// The watermark in both sizes; `None` when it is invisible.
    ///
    /// # Errors
    /// When the artwork is no SVG or the cache cannot be written.
    pub fn watermarks(&self) -> Result<Option<Watermarks>, BrandError> {
        if self.opacity <= 0.0 {
            return Ok(None);
        }
        Ok(Some(Watermarks { large: self.watermark(&LARGE)?, small: self.watermark(&SMALL)? }))
    }

    /// The picture of both cards.
    ///
    /// # Errors
    /// When the artwork is no SVG or the cache cannot be written.
    pub fn card(&self) -> Result<PathBuf, BrandError> {
        let name = format!("card-{}.png", digest(&[&self.card]));
        self.kept(&name, || render(&self.card, frame::WIDTH, frame::HEIGHT, 1.0))
    }

    /// What tells this card's artwork from any other.
    #[must_use]
    pub fn card_digest(&self) -> String {
        digest(&[&self.card])
    }

    fn watermark(&self, corner: &Corner) -> Result<Watermark, BrandError> {
        let opacity = self.opacity.to_string();
        let key = digest(&[&self.watermark, opacity.as_bytes()]);
        let name = format!("watermark-{}-{key}.png", corner.frame_width);
        let render = || render(&self.watermark, corner.width, corner.height, self.opacity);
        let file = self.kept(&name, render)?;
        let (width, _) =
            image::image_dimensions(&file).map_err(|error| BrandError::Svg(error.to_string()))?;
        let x = corner.frame_width.saturating_sub(corner.margin + width);
        Ok(Watermark { file, x, y: corner.margin })
    }

    fn kept(
        &self,
        name: &str,
        render: impl FnOnce() -> Result<Vec<u8>, BrandError>,
    ) -> Result<PathBuf, BrandError> {
        let path = self.cache_dir.join(name);
        if !path.exists() {
            keep(&path, &render()?)?;
        }
        Ok(path)
    }
}

/// Writes a file so that it is there whole or not at all.
fn keep(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, content)?;
    file.persist(path)?;
    Ok(())
}

/// A PNG that fits into `width`×`height` with its shape kept and even sides.
fn render(svg: &[u8], width: u32, height: u32, opacity: f64) -> Result<Vec<u8>, BrandError> {
    let tree =
        Tree::from_data(svg, &options(svg)).map_err(|error| BrandError::Svg(error.to_string()))?;
    let size = tree.size();
    let scale = (width as f32 / size.width()).min(height as f32 / size.height());
    let mut pixmap = Pixmap::new(pixels(size.width() * scale), pixels(size.height() * scale))
        .ok_or_else(|| BrandError::Svg("it has no size".into()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    // Colours are stored multiplied by their opacity: all four shrink alike.
    for byte in pixmap.data_mut() {
        *byte = faded(*byte, opacity);
    }
    pixmap.encode_png().map_err(|error| BrandError::Svg(error.to_string()))
}

/// Fonts take long to find; ours are outlines and need none.
fn options(svg: &[u8]) -> Options<'static> {
    let mut options = Options { font_family: "DejaVu Sans".into(), ..Options::default() };
    if svg.windows(5).any(|window| window == b"<text") {
        options.fontdb_mut().load_system_fonts();
    }
    options
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive size of at most 1280 pixels; `as` saturates"
)]
fn pixels(size: f32) -> u32 {
    ((size / 2.0).round() as u32 * 2).max(2)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a byte times a factor between 0 and 1"
)]
fn faded(byte: u8, opacity: f64) -> u8 {
    (f64::from(byte) * opacity).round() as u8
}

/// The beginning of a SHA-256 over all parts, for names in the cache.
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

    fn brand(opacity: f64, cache: &Path) -> Brand {
        let settings = MediaSettings { watermark_opacity: opacity, ..MediaSettings::default() };
        Brand::load(&settings, cache).unwrap()
    }

    #[test]
    fn the_watermark_sits_in_the_top_right_corner() {
        let cache = tempfile::tempdir().unwrap();
        let marks = brand(0.85, cache.path()).watermarks().unwrap().unwrap();
        for (mark, frame) in [(&marks.large, 1280), (&marks.small, 480)] {
            let (width, height) = image::image_dimensions(&mark.file).unwrap();
            assert!(mark.x + width < frame && mark.x > frame / 2);
            assert_eq!((width % 2, height % 2), (0, 0));
        }
    }

    #[test]
    fn its_opacity_is_the_settings() {
        let cache = tempfile::tempdir().unwrap();
        let strongest = |opacity| {
            let marks = brand(opacity, cache.path()).watermarks().unwrap().unwrap();
            let picture = image::open(&marks.large.file).unwrap().to_rgba8();
            picture.pixels().map(|pixel| pixel[3]).max().unwrap()
        };
        assert_eq!(strongest(0.85), 217);
        assert_eq!(strongest(0.5), 128);
        assert_eq!(brand(0.0, cache.path()).watermarks().unwrap(), None);
    }

    #[test]
    fn artwork_with_letters_finds_a_font() {
        let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 36"><text y="30" font-size="30" fill="#fff">Wm</text></svg>"##;
        let png = render(svg, 1280, 720, 1.0).unwrap();
        let picture = image::load_from_memory(&png).unwrap().to_rgba8();
        assert_eq!(picture.dimensions(), (1280, 720));
        assert!(picture.pixels().filter(|pixel| pixel[3] == 255).count() > 20_000);
    }

    #[test]
    fn what_is_no_svg_is_said_so() {
        assert!(matches!(render(b"GIF89a", 10, 10, 1.0), Err(BrandError::Svg(_))));
    }
}
