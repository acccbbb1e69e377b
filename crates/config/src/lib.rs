//! Settings are documentation: every field says what it does, its unit, its
//! default and why. One file per section.

pub mod auth;
pub mod database;
pub mod log;
pub mod media;
pub mod queue;
pub mod showcase;
pub mod storage;
pub mod web;
pub mod worker;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use auth::AuthSettings;
pub use database::DatabaseSettings;
pub use log::{LogFormat, LogSettings};
pub use media::{Fit, MediaSettings, Quality, Sound};
pub use queue::{QueueKind, QueueSettings};
pub use showcase::ShowcaseSettings;
pub use storage::{StorageKind, StorageSettings};
pub use web::WebSettings;
pub use worker::WorkerSettings;

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The folder of the embedded default: database, objects, key, caches.
    /// Created with mode 0700. Default `data`.
    pub data_dir: PathBuf,
    pub auth: AuthSettings,
    pub database: DatabaseSettings,
    pub log: LogSettings,
    pub media: MediaSettings,
    pub queue: QueueSettings,
    pub showcase: ShowcaseSettings,
    pub storage: StorageSettings,
    pub web: WebSettings,
    pub worker: WorkerSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            auth: AuthSettings::default(),
            database: DatabaseSettings::default(),
            log: LogSettings::default(),
            media: MediaSettings::default(),
            queue: QueueSettings::default(),
            showcase: ShowcaseSettings::default(),
            storage: StorageSettings::default(),
            web: WebSettings::default(),
            worker: WorkerSettings::default(),
        }
    }
}
