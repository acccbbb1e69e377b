//! What is in force when a job begins, as the contest has it at that moment.

use anb_artwork::{Artwork, ArtworkError, OwnArt};
use anb_config::MediaSettings;
use anb_contest::Contest;
use anb_media::{Terms, TermsSource};

/// The contest's rules and brand, asked anew by each job.
#[derive(Debug)]
pub struct ContestTerms {
    contest: Contest,
    own: OwnArt,
}

impl ContestTerms {
    /// # Errors
    /// When artwork that the settings name cannot be read.
    pub fn new(contest: Contest, settings: &MediaSettings) -> Result<Self, ArtworkError> {
        Ok(Self { contest, own: OwnArt::load(settings)? })
    }
}

#[async_trait::async_trait]
impl TermsSource for ContestTerms {
    async fn terms(&self) -> Terms {
        let now = self.contest.fresh().await;
        Terms { rules: now.rules(), artwork: Artwork::new(&self.own, now.brand_part()) }
    }
}
