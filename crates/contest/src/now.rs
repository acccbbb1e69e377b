//! A contest in force: the settings, with what the console has saved over them.

use std::{
    fs,
    ops::Deref,
    path::Path,
    sync::{Arc, OnceLock},
};

use anb_config::{
    ContestDocument, ContestFault, JurySettings, Settings, ShowcaseSettings, contest::BrandPart,
};
use anb_design::{Assets, brand};

/// A contest in force. Behaves like the settings it replaces.
#[derive(Debug, Clone)]
pub struct ContestNow {
    /// Of what the console has saved; 0: nothing, the settings are in force.
    pub number: u64,
    /// What lies over the settings.
    pub document: ContestDocument,
    pub jury: JurySettings,
    showcase: Arc<ShowcaseSettings>,
    brand: Arc<BrandPart>,
    brand_files: Arc<OnceLock<Assets>>,
}

impl Deref for ContestNow {
    type Target = ShowcaseSettings;

    fn deref(&self) -> &ShowcaseSettings {
        &self.showcase
    }
}

impl ContestNow {
    /// Nothing but the settings. Drawings are read once: files may go while we
    /// run.
    #[must_use]
    pub fn of_files(settings: &Settings) -> Self {
        let showcase = settings.showcase.clone();
        let brand = BrandPart {
            color: showcase.brand.color,
            logo_svg: showcase.brand.logo_svg.as_deref().and_then(drawing),
            watermark_svg: showcase.brand.watermark_svg.as_deref().and_then(drawing),
        };
        Self {
            number: 0,
            document: ContestDocument::default(),
            jury: settings.jury.clone(),
            showcase: Arc::new(showcase),
            brand: Arc::new(brand),
            brand_files: Arc::default(),
        }
    }

    /// With something over it.
    #[must_use]
    pub fn with(&self, number: u64, document: ContestDocument) -> Self {
        let (brand, brand_files) = match document.brand.clone() {
            Some(brand) => (Arc::new(brand), Arc::default()),
            None => (Arc::clone(&self.brand), Arc::clone(&self.brand_files)),
        };
        let showcase = Arc::new(document.over(&self.showcase));
        let jury = document.over_jury(&self.jury);
        Self { number, document, jury, showcase, brand, brand_files }
    }

    /// Everything that is impossible in it, whatever the videos are.
    #[must_use]
    pub fn faults(&self) -> Vec<ContestFault> {
        self.showcase.faults().into_iter().chain(self.jury.faults()).collect()
    }

    /// The brand with its pictures, wherever they come from.
    #[must_use]
    pub fn brand_part(&self) -> &BrandPart {
        &self.brand
    }

    /// What pages load of it.
    #[must_use]
    pub fn brand_files(&self) -> &Assets {
        self.brand_files.get_or_init(|| {
            let BrandPart { color, logo_svg, .. } = &*self.brand;
            brand::files(*color, logo_svg.as_deref())
        })
    }
}

fn drawing(path: &Path) -> Option<String> {
    let read = fs::read_to_string(path);
    read.inspect_err(|error| tracing::warn!(cause = %error, "a drawing of the brand is gone")).ok()
}
