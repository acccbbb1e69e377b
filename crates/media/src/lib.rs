//! From an uploaded clip to a branded one: probe, rules, recipe, ffmpeg.
//! Knows no database and no queue.

mod brand;
mod bumpers;
mod check;
mod colour;
mod doctor;
mod encoder;
mod fingerprint;
mod frame;
mod gate;
mod log_tail;
mod mp4;
mod origin;
mod pipeline;
mod probe;
mod rate;
mod recipe;
mod runner;
mod sample;
mod sandbox;
mod sniff;
mod terms;
mod tools;

use std::path::PathBuf;

use anb_domain::{Failure, SourceFacts};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

pub use doctor::{Check, doctor};
pub use log_tail::LogTail;
pub use pipeline::Media;
pub use sample::{can_sample, sample};
pub use terms::{Terms, TermsSource};

/// Why there is no result.
#[derive(Debug, Error)]
pub enum MediaError {
    /// The clip breaks a rule; trying again cannot help.
    #[error("rejected: {}", .0.code)]
    Rejected(Failure),
    /// Something went wrong that may go right next time.
    #[error("failed: {} ({})", .0.code, .0.detail.as_deref().unwrap_or("no detail"))]
    Failed(Failure),
    /// The caller cancelled; nothing is said about the clip.
    #[error("cancelled")]
    Cancelled,
}

/// How many threads one job may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// Every core: the shortest wait for a lone job.
    All,
    /// So many: the most clips per hour under backlog.
    Limited(usize),
}

/// What to make, and where.
pub struct ProcessJob {
    pub input: PathBuf,
    /// A private, empty folder; the results stay in it.
    pub work_dir: PathBuf,
    pub threads: Threads,
    /// Called with the percentage done, 0 to 100, never decreasing.
    pub on_progress: Box<dyn Fn(u8) + Send + Sync>,
    pub cancel: CancellationToken,
    /// Keeps what ffmpeg says last, however it ends.
    pub log: LogTail,
}

/// What one step took.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `probe`, `transcode`, `join`, `check`.
    pub name: &'static str,
    pub duration_ms: u64,
    pub cpu_ms: Option<u64>,
    pub size_bytes: Option<u64>,
}

/// A finished result. The files lie in the work folder under the names of
/// [`anb_domain::keys::ResultFile`].
#[derive(Debug, Clone)]
pub struct Produced {
    pub source: SourceFacts,
    /// Length of the result in seconds, cards included.
    pub duration_s: f64,
    /// Size of the video in bytes.
    pub size_bytes: u64,
    pub steps: Vec<Step>,
    /// With which recipe it was made: as [`Transcoder::recipe`].
    pub recipe: String,
}

/// What the worker needs of this crate; its tests put a stand-in here.
#[async_trait::async_trait]
pub trait Transcoder: Send + Sync + 'static {
    async fn process(&self, job: ProcessJob) -> Result<Produced, MediaError>;

    /// What tells the recipe by which clips are made now from any other:
    /// settings, artwork, and the arguments that follow from them.
    async fn recipe(&self) -> String;
}

impl std::fmt::Debug for ProcessJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProcessJob").field("input", &self.input).finish_non_exhaustive()
    }
}
