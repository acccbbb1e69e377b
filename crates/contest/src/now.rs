use std::{
    fs,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use anb_config::{ContestDocument, ShowcaseSettings, contest::BrandPart};
use anb_design::{Assets, brand};

/// A contest in force. Behaves like the settings it replaces.
#[derive(Debug, Clone)]
pub struct ContestNow {
    /// Of what the console has saved; 0: nothing, the settings are in force.
    pub number: u64,
    /// What lies over the settings.
    pub document: ContestDocument,
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
    /// Nothing but the settings. The logo is read once: files may go while we
    /// run.
    #[must_use]
    pub fn of_files(showcase: ShowcaseSettings) -> Self {
        let logo = showcase.brand.logo_svg.as_deref().and_then(|path| {
            let read = fs::read_to_string(path);
            read.inspect_err(|error| tracing::warn!(cause = %error, "the logo is gone")).ok()
        });
        let brand = BrandPart { color: showcase.brand.color, logo_svg: logo, watermark_svg: None };
        Self {
            number: 0,
            document: ContestDocument::default(),
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
        Self { number, document, showcase, brand, brand_files }
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
