//! Settings are documentation: every field says what it does, its unit, its
//! default and why. One file per section.

mod catalogue;
mod check;
mod contest_file;
mod error;
mod judge;
mod load;
mod reference;
mod secret;
mod show;
mod source;
mod vote_review;

pub mod auth;
pub mod category;
pub mod console;
pub mod contest;
pub mod cost;
pub mod database;
pub mod ecs;
pub mod jury;
pub mod log;
pub mod media;
pub mod metrics;
mod number;
pub mod queue;
pub mod showcase;
pub mod site;
pub mod storage;
pub mod tracing;
pub mod web;
pub mod webhooks;
pub mod worker;

use std::path::PathBuf;

use anb_domain::vote_review::ReviewRules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use auth::AuthSettings;
pub use catalogue::schema;
pub use category::Category;
pub use console::ConsoleSettings;
pub use contest::{ContestDocument, ContestFault};
pub use contest_file::{ContestFile, contest_toml};
pub use cost::CostSettings;
pub use database::{DatabaseSettings, SslMode};
pub use ecs::EcsSettings;
pub use error::{Problem, SettingsError};
pub use jury::JurySettings;
pub use load::Loaded;
pub use log::{LogFormat, LogSettings};
pub use media::{Fit, MediaSettings, Quality, Sound};
pub use metrics::MetricsSettings;
pub use queue::{QueueKind, QueueSettings};
pub use reference::reference;
pub use secret::SecretKeyError;
pub use showcase::{BrandSettings, LocalText, ShowcaseSettings};
pub use site::SiteSettings;
pub use source::{DEFAULT_FILE, DEPLOYMENT_NAMES, Flag, Origin, Sources};
pub use storage::{StorageEncryption, StorageKind, StorageSettings};
pub use tracing::TracingSettings;
pub use web::WebSettings;
pub use webhooks::WebhooksSettings;
pub use worker::WorkerSettings;

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The folder of the embedded default: database, objects, key, caches.
    /// Created with mode 0700. Default `data`.
    pub data_dir: PathBuf,
    pub auth: AuthSettings,
    pub console: ConsoleSettings,
    pub cost: CostSettings,
    pub database: DatabaseSettings,
    pub ecs: EcsSettings,
    pub jury: JurySettings,
    pub log: LogSettings,
    pub media: MediaSettings,
    pub metrics: MetricsSettings,
    pub queue: QueueSettings,
    pub showcase: ShowcaseSettings,
    pub site: SiteSettings,
    pub storage: StorageSettings,
    pub vote_review: ReviewRules,
    pub tracing: TracingSettings,
    pub web: WebSettings,
    pub webhooks: WebhooksSettings,
    pub worker: WorkerSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            auth: AuthSettings::default(),
            console: ConsoleSettings::default(),
            cost: CostSettings::default(),
            database: DatabaseSettings::default(),
            ecs: EcsSettings::default(),
            jury: JurySettings::default(),
            log: LogSettings::default(),
            media: MediaSettings::default(),
            metrics: MetricsSettings::default(),
            queue: QueueSettings::default(),
            showcase: ShowcaseSettings::default(),
            site: SiteSettings::default(),
            storage: StorageSettings::default(),
            vote_review: ReviewRules::default(),
            tracing: TracingSettings::default(),
            web: WebSettings::default(),
            webhooks: WebhooksSettings::default(),
            worker: WorkerSettings::default(),
        }
    }
}

impl Settings {
    fn check(&self, report: &mut check::Report) {
        let data_dir = !self.data_dir.as_os_str().is_empty();
        report.require(data_dir, &["data_dir"], "must name a folder");
        self.auth.check(report);
        self.console.check(report);
        self.cost.check(report);
        self.database.check(report);
        self.ecs.check(report);
        self.jury.check(report);
        self.log.check(report);
        self.media.check(report);
        self.metrics.check(report);
        self.queue.check(report);
        self.showcase.check(report);
        self.site.check(report);
        self.storage.check(report);
        vote_review::check(&self.vote_review, report);
        self.tracing.check(report);
        self.web.check(report);
        self.webhooks.check(report);
        self.worker.check(report, &self.queue);
    }
}
