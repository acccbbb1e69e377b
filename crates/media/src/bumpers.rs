//! Opening and closing card: encoded once per brand and recipe, then kept.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;

use crate::{
    MediaError,
    brand::{Brand, BrandError},
    encoder::Encoding,
    recipe,
    runner::{Job, Patience},
    tools::{self, Tools},
};

/// Encoded cards, on disk and being made.
#[derive(Debug)]
pub struct Bumpers {
    cache_dir: PathBuf,
    made: Mutex<HashMap<PathBuf, Arc<OnceCell<()>>>>,
}

impl Bumpers {
    #[must_use]
    pub fn new(cache_dir: PathBuf) -> Self {
        Self { cache_dir, made: Mutex::default() }
    }

    /// The encoded card of `length_s` seconds; `None` for no length. Whoever
    /// asks while it is being made waits for it.
    ///
    /// # Errors
    /// When it cannot be drawn, encoded or kept.
    pub async fn card(
        &self,
        brand: &Brand,
        tools: &Tools,
        (length_s, encoding): (f64, Encoding),
        patience: &Patience,
    ) -> Result<Option<PathBuf>, MediaError> {
        if length_s <= 0.0 {
            return Ok(None);
        }
        // Everything that decides how the card looks or how it is encoded is
        // in its name; the encoder's build too, for the join's sake.
        let plan = recipe::card(Path::new("in"), length_s, encoding, Path::new("out"));
        let key = anb_artwork::digest(&[
            brand.card_digest().as_bytes(),
            tools.build.as_bytes(),
            format!("{plan:?}").as_bytes(),
        ]);
        let file = self.cache_dir.join(format!("card-{key}.mp4"));
        let cell = self.cell(&file);
        if cell.initialized() && !file.exists() {
            self.forget(&file);
        }
        self.cell(&file)
            .get_or_try_init(|| async {
                if file.exists() {
                    return Ok(());
                }
                let still = brand.card().map_err(MediaError::from)?;
                self.encode(tools, &still, (length_s, encoding), &file, patience).await
            })
            .await?;
        Ok(Some(file))
    }

    fn cell(&self, file: &Path) -> Arc<OnceCell<()>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(file.to_owned()).or_default().clone()
    }

    fn forget(&self, file: &Path) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).remove(file);
    }

    async fn encode(
        &self,
        tools: &Tools,
        still: &Path,
        (length_s, encoding): (f64, Encoding),
        file: &Path,
        patience: &Patience,
    ) -> Result<(), MediaError> {
        let folder = tempfile::tempdir_in(&self.cache_dir)?;
        let half_done = folder.path().join("card.mp4");
        let job = Job {
            program: &tools.ffmpeg,
            arguments: recipe::card(still, length_s, encoding, &half_done),
            folder: folder.path().to_owned(),
            on_time: None,
        };
        tools::judge(&tools.runner.run(job, patience).await?)?;
        std::fs::rename(&half_done, file)?;
        Ok(())
    }
}

impl From<BrandError> for MediaError {
    fn from(error: BrandError) -> Self {
        match error {
            BrandError::Keep(source) => source.into(),
            BrandError::Artwork(error) => {
                tools::failed(anb_domain::FailureCode::Internal, error.to_string())
            }
        }
    }
}
