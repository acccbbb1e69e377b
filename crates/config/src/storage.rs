//! Where originals and results are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
