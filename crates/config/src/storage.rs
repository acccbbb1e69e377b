//! Where originals and results are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Which kind of storage holds the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// A folder of this machine.
    #[default]
    Local,
}

/// Section `storage`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StorageSettings {
    /// Which kind of storage holds the objects.
    pub kind: StorageKind,
    /// The folder of the `local` kind. Default `data_dir/objects`.
    pub dir: Option<PathBuf>,
    /// Prefix of uploaded originals. `S3_UPLOAD_PREFIX` in the environment.
    /// Default `uploads`.
    pub upload_prefix: String,
    /// Prefix of results. `S3_PROCESSED_PREFIX` in the environment. Default
    /// `processed`.
    pub processed_prefix: String,
    /// How long a signed link is good for, in seconds. Default 3600.
    pub link_ttl_s: u64,
}

impl Default for StorageSettings {
    fn default() -> Self {
        Self {
            kind: StorageKind::Local,
            dir: None,
            upload_prefix: "uploads".into(),
            processed_prefix: "processed".into(),
            link_ttl_s: 3600,
        }
    }
}

impl StorageSettings {
    /// The longest life of a presigned S3 link: seven days.
    const MAX_LINK_TTL_S: u64 = 604_800;

    pub(crate) fn check(&self, report: &mut Report) {
        report.within("storage.link_ttl_s", self.link_ttl_s, 1, Self::MAX_LINK_TTL_S);
        let (upload, processed) = (self.upload_prefix.as_str(), self.processed_prefix.as_str());
        report.require(is_prefix(upload), &["storage.upload_prefix"], PREFIX_RULE);
        report.require(is_prefix(processed), &["storage.processed_prefix"], PREFIX_RULE);
        let apart = |one: &str, other: &str| !format!("{one}/").starts_with(&format!("{other}/"));
        let (upload, processed) = (upload.trim_matches('/'), processed.trim_matches('/'));
        report.require(
            apart(upload, processed) && apart(processed, upload),
            &["storage.upload_prefix", "storage.processed_prefix"],
            "must differ, and neither may lie below the other",
        );
    }
}

const PREFIX_RULE: &str = "must be one or more names of letters, digits, `-`, `_` and `.`, \
                           separated by `/`";

fn is_prefix(text: &str) -> bool {
    let is_name = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !name.trim_matches('.').is_empty() && name.chars().all(plain)
    };
    text.trim_matches('/').split('/').all(is_name)
}
