//! The artwork of one job, drawn once and kept on disk: a brand that is new has
//! names of its own there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anb_artwork::{Artwork, ArtworkError, Mark, digest};
use thiserror::Error;

use crate::recipe::{Watermark, Watermarks};

/// Why artwork cannot be used.
#[derive(Debug, Error)]
pub enum BrandError {
    #[error(transparent)]
    Artwork(#[from] ArtworkError),
    #[error("cannot keep rendered artwork: {0}")]
    Keep(#[from] io::Error),
}

/// Artwork, and where its pictures are kept.
#[derive(Debug, Clone)]
pub struct Brand {
    artwork: Artwork,
    cache_dir: PathBuf,
}

impl Brand {
    #[must_use]
    pub fn new(artwork: Artwork, cache_dir: &Path) -> Self {
        Self { artwork, cache_dir: cache_dir.to_owned() }
    }

    /// The watermark in both sizes; `None` when it is invisible.
    ///
    /// # Errors
    /// When the artwork is no SVG or the cache cannot be written.
    pub fn watermarks(&self) -> Result<Option<Watermarks>, BrandError> {
        if !self.artwork.has_watermark() {
            return Ok(None);
        }
        let large = self.watermark(&self.artwork.large_mark()?)?;
        Ok(Some(Watermarks { large, small: self.watermark(&self.artwork.small_mark()?)? }))
    }

    /// The picture of both cards.
    ///
    /// # Errors
    /// When the artwork is no SVG or the cache cannot be written.
    pub fn card(&self) -> Result<PathBuf, BrandError> {
        let path = self.cache_dir.join(format!("card-{}.png", self.card_digest()));
        if !path.exists() {
            keep(&path, &self.artwork.card()?)?;
        }
        Ok(path)
    }

    /// What tells this card's artwork from any other.
    #[must_use]
    pub fn card_digest(&self) -> String {
        self.artwork.card_digest()
    }

    #[must_use]
    pub fn artwork(&self) -> &Artwork {
        &self.artwork
    }

    fn watermark(&self, mark: &Mark) -> Result<Watermark, BrandError> {
        let path = self.cache_dir.join(format!("watermark-{}.png", digest(&[&mark.png])));
        if !path.exists() {
            keep(&path, &mark.png)?;
        }
        Ok(Watermark { file: path, x: mark.x, y: mark.y })
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
