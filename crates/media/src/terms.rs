//! What a contest asks of a clip, and gives to it. Both may change while we
//! run: each job asks once, and keeps to that until it ends.

use anb_artwork::{Artwork, OwnArt};
use anb_config::{MediaSettings, contest::BrandPart};
use anb_domain::ShowcaseRules;

use crate::MediaError;

/// The rules and the artwork of one job.
#[derive(Debug, Clone)]
pub struct Terms {
    pub rules: ShowcaseRules,
    pub artwork: Artwork,
}

impl Terms {
    /// Those of the settings, which no console changes.
    ///
    /// # Errors
    /// When a named file cannot be read.
    pub fn fixed(
        settings: &MediaSettings,
        rules: ShowcaseRules,
        brand: &BrandPart,
    ) -> Result<Self, MediaError> {
        let own = OwnArt::load(settings).map_err(crate::brand::BrandError::from)?;
        Ok(Self { rules, artwork: Artwork::new(&own, brand) })
    }
}

/// Knows what is in force.
#[async_trait::async_trait]
pub trait TermsSource: Send + Sync + std::fmt::Debug + 'static {
    async fn terms(&self) -> Terms;
}

#[async_trait::async_trait]
impl TermsSource for Terms {
    async fn terms(&self) -> Terms {
        self.clone()
    }
}
