//! A picture on which to see a watermark before any video has it.

use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};

use crate::{
    Artwork, FRAME,
    draw::{ArtworkError, draw, png},
};

const SAMPLE: &str = include_str!("pictures/sample.svg");

/// The light in which a clip was filmed: a watermark must be legible in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    Light,
    Dark,
}

/// The colours of the sample, by day: sky, wall, floor, lines, board, player.
const DAY: [&str; 6] = ["#d9ecf7", "#f4efe4", "#e3b579", "#ffffff", "#fdfdfd", "#44608a"];
/// And by night.
const NIGHT: [&str; 6] = ["#0a0f1c", "#161c2b", "#3a2414", "#8d7a63", "#31384a", "#0e1524"];

impl Scene {
    fn svg(self) -> String {
        match self {
            Self::Light => SAMPLE.to_owned(),
            Self::Dark => DAY
                .iter()
                .zip(NIGHT)
                .fold(SAMPLE.to_owned(), |svg, (day, night)| svg.replace(day, night)),
        }
    }

    /// The picture alone (PNG).
    ///
    /// # Errors
    /// None, as long as the sample is one of ours.
    pub fn bare(self) -> Result<Vec<u8>, ArtworkError> {
        png(&draw(&self.svg(), FRAME)?)
    }
}

impl Artwork {
    /// The watermark where every video has it, on a sample (PNG).
    ///
    /// # Errors
    /// When the artwork is no SVG.
    pub fn on_sample(&self, scene: Scene) -> Result<Vec<u8>, ArtworkError> {
        let mut frame = draw(&scene.svg(), FRAME)?;
        if self.has_watermark() {
            let mark = self.large_mark()?;
            let picture = Pixmap::decode_png(&mark.png).map_err(ArtworkError::svg)?;
            let (x, y) = (mark.x.cast_signed(), mark.y.cast_signed());
            let (paint, still) = (PixmapPaint::default(), Transform::identity());
            frame.draw_pixmap(x, y, picture.as_ref(), &paint, still, None);
        }
        png(&frame)
    }
}

#[cfg(test)]
mod tests {
    use anb_config::{MediaSettings, contest::BrandPart};

    use super::*;
    use crate::OwnArt;

    fn light(png: &[u8]) -> u64 {
        let picture = image::load_from_memory(png).unwrap().to_luma8();
        picture.pixels().map(|pixel| u64::from(pixel[0])).sum::<u64>() / u64::from(1280_u32 * 720)
    }

    #[test]
    fn there_is_a_light_and_a_dark_one() {
        assert!(light(&Scene::Light.bare().unwrap()) > 180);
        assert!(light(&Scene::Dark.bare().unwrap()) < 60);
    }

    #[test]
    fn only_the_corner_changes() {
        let own = OwnArt::load(&MediaSettings::default()).unwrap();
        let artwork = Artwork::new(&own, &BrandPart::default());
        let read = |png: Vec<u8>| image::load_from_memory(&png).unwrap().to_rgb8();
        let (marked, bare) =
            (read(artwork.on_sample(Scene::Light).unwrap()), read(Scene::Light.bare().unwrap()));
        let mark = artwork.large_mark().unwrap();
        let inside = |x, y| x >= mark.x && x < 1280 - 32 && (32..32 + 80).contains(&y);
        let changed: Vec<_> = marked
            .enumerate_pixels()
            .filter(|(x, y, pixel)| *pixel != bare.get_pixel(*x, *y))
            .collect();
        assert!(changed.len() > 5_000, "{}", changed.len());
        assert!(changed.iter().all(|(x, y, _)| inside(*x, *y)));
    }
}
