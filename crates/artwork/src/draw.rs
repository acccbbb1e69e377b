//! From an SVG to pixels.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, Options, Tree},
};
use thiserror::Error;

/// Why artwork cannot be used.
#[derive(Debug, Error)]
pub enum ArtworkError {
    #[error("cannot read artwork {path}: {source}")]
    Read { path: String, source: std::io::Error },
    #[error("artwork is not a usable SVG: {0}")]
    Svg(String),
}

impl ArtworkError {
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` passes it so")]
    pub(crate) fn svg(error: impl ToString) -> Self {
        Self::Svg(error.to_string())
    }
}

/// A picture that fits into `width`×`height` with its shape kept and even sides.
pub fn draw(svg: &str, (width, height): (u32, u32)) -> Result<Pixmap, ArtworkError> {
    let tree = Tree::from_str(svg, &options(svg)).map_err(ArtworkError::svg)?;
    let size = tree.size();
    let scale = (width as f32 / size.width()).min(height as f32 / size.height());
    let mut pixmap = Pixmap::new(pixels(size.width() * scale), pixels(size.height() * scale))
        .ok_or_else(|| ArtworkError::svg("it has no size"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Ok(pixmap)
}

/// Lets what lies behind shine through. Colours are stored multiplied by their
/// opacity: all four shrink alike.
pub fn fade(pixmap: &mut Pixmap, opacity: f64) {
    for byte in pixmap.data_mut() {
        *byte = faded(*byte, opacity);
    }
}

pub fn png(pixmap: &Pixmap) -> Result<Vec<u8>, ArtworkError> {
    pixmap.encode_png().map_err(ArtworkError::svg)
}

/// Fonts take long to find; ours are outlines and need none. No file is read
/// and nobody is asked for what a drawing refers to; what it brings along is
/// part of it.
fn options(svg: &str) -> Options<'static> {
    let mut options = Options { font_family: "DejaVu Sans".into(), ..Options::default() };
    options.image_href_resolver = ImageHrefResolver {
        resolve_data: ImageHrefResolver::default_data_resolver(),
        resolve_string: Box::new(|_, _| None),
    };
    if svg.contains("<text") {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artwork_with_letters_finds_a_font() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 36"><text y="30" font-size="30" fill="#fff">Wm</text></svg>"##;
        let picture = draw(svg, (1280, 720)).unwrap();
        assert_eq!((picture.width(), picture.height()), (1280, 720));
        assert!(picture.pixels().iter().filter(|pixel| pixel.alpha() == 255).count() > 20_000);
    }

    #[test]
    fn what_is_no_svg_is_said_so() {
        assert!(matches!(draw("GIF89a", (10, 10)), Err(ArtworkError::Svg(_))));
    }
}
