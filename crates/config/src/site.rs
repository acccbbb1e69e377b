//! The pages of the public service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::check::Report;

/// Section `site`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SiteSettings {
    /// Where pages find their style sheets, scripts and pictures, when
    /// `anb-video assets publish` has put them into a bucket or behind a
    /// content network. Default: `/assets` of the public service.
    pub assets_url: Option<Url>,
    /// The bucket into which `anb-video assets publish` puts them; it lies
    /// where `storage.region` and `storage.endpoint` say, and the public reads
    /// it, through a CDN as a rule. The site itself never writes to it.
    pub assets_bucket: Option<String>,
    /// Days that somebody stays signed in. Default 14.
    pub session_days: u32,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self { assets_url: None, assets_bucket: None, session_days: 14 }
    }
}

impl SiteSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        report.address("site.assets_url", self.assets_url.as_ref());
        report.bucket("site.assets_bucket", self.assets_bucket.as_deref());
        report.within("site.session_days", self.session_days, 1, 365);
    }
}
