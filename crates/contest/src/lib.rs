//! The contest as it is now: the settings of files and environment, and over
//! them what the console has saved in the database. Every process asks
//! [`Contest::fresh`]; what one saves the others see within [`MAX_AGE`].

mod change;
mod now;
mod saved;

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anb_config::{ContestDocument, Settings};
use anb_domain::Clock;
use anb_store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::{sync::Mutex, time::timeout};

pub use change::{ChangeError, differences};
pub use now::ContestNow;
pub use saved::{Saved, Since};

/// How old what a process believes may be.
pub const MAX_AGE: TimeDelta = TimeDelta::seconds(3);

/// Somebody has seen a newer version than we have; whoever makes that up does
/// not get us to ask more often than this.
const SOON: TimeDelta = TimeDelta::milliseconds(250);

/// For the database to answer. What we know is good enough meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// Cheap to clone; every clone sees the same.
#[derive(Clone)]
pub struct Contest(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    files: ContestNow,
    now: RwLock<Arc<ContestNow>>,
    /// When we asked last. Whoever holds it asks; the others use what there is.
    asked: Mutex<Option<DateTime<Utc>>>,
    out: AtomicBool,
}

/// Why the latest version is not known.
#[derive(Debug, Error)]
enum Unknown {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the database takes too long to answer")]
    Slow(#[from] tokio::time::error::Elapsed),
    #[error("version {0} cannot be read: {1}")]
    Unreadable(u64, #[source] serde_json::Error),
}

impl Contest {
    /// Begins with the settings; the first [`Self::fresh`] asks the database.
    #[must_use]
    pub fn new(store: Store, files: &Settings, clock: Arc<dyn Clock>) -> Self {
        let files = ContestNow::of_files(files);
        Self(Arc::new(Inner {
            store,
            clock,
            now: RwLock::new(Arc::new(files.clone())),
            files,
            asked: Mutex::new(None),
            out: AtomicBool::new(false),
        }))
    }

    /// What is known without asking.
    #[must_use]
    pub fn now(&self) -> Arc<ContestNow> {
        Arc::clone(&self.0.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings without anything over them.
    #[must_use]
    pub fn files(&self) -> &ContestNow {
        &self.0.files
    }

    /// What is known, and not older than [`MAX_AGE`] while the database
    /// answers.
    pub async fn fresh(&self) -> Arc<ContestNow> {
        self.not_older_than(MAX_AGE).await
    }

    /// What is known; asked anew by who has seen a brand that is not it: another
    /// process may have learnt of it before us.
    pub async fn with_brand(&self, version: &str) -> Arc<ContestNow> {
        let now = self.now();
        if now.brand_files().version() == version { now } else { self.fresher().await }
    }

    /// For who has seen something that we do not know yet.
    async fn fresher(&self) -> Arc<ContestNow> {
        self.not_older_than(SOON).await
    }

    /// What is in force at this moment.
    ///
    /// # Errors
    /// The database does not tell.
    pub async fn latest(&self) -> Result<Arc<ContestNow>, StoreError> {
        let number = self.0.store.contest_number().await?;
        match self.load(number).await {
            Ok(latest) => Ok(self.keep(latest)),
            Err(Unknown::Store(error)) => Err(error),
            Err(error) => {
                tracing::error!(%error, "contest settings unreadable; the last good ones stay");
                Ok(self.now())
            }
        }
    }

    async fn not_older_than(&self, age: TimeDelta) -> Arc<ContestNow> {
        // Whoever comes while another asks does not wait for the answer.
        if let Ok(mut asked) = self.0.asked.try_lock() {
            let now = self.0.clock.now();
            // A clock that was set back shows an age below zero.
            let young =
                asked.is_some_and(|asked| (TimeDelta::zero()..age).contains(&(now - asked)));
            if !young {
                *asked = Some(now);
                let outcome = self.refresh().await;
                self.note(outcome.as_ref().err());
            }
        }
        self.now()
    }

    async fn refresh(&self) -> Result<(), Unknown> {
        let number = timeout(PATIENCE, self.0.store.contest_number()).await??;
        if number != self.now().number {
            let latest = timeout(PATIENCE, self.load(number)).await??;
            self.keep(latest);
        }
        Ok(())
    }

    async fn load(&self, number: u64) -> Result<ContestNow, Unknown> {
        let Some(version) = self.0.store.contest_version(number).await? else {
            return Ok(self.0.files.clone());
        };
        let document: ContestDocument = serde_json::from_value(version.document)
            .map_err(|error| Unknown::Unreadable(number, error))?;
        Ok(self.0.files.with(number, document))
    }

    fn keep(&self, latest: ContestNow) -> Arc<ContestNow> {
        let latest = Arc::new(latest);
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&latest);
        latest
    }

    /// Once when it begins to fail, and once when it works again.
    fn note(&self, unknown: Option<&Unknown>) {
        let was_out = self.0.out.swap(unknown.is_some(), Ordering::Relaxed);
        match (was_out, unknown) {
            (false, Some(error)) => {
                tracing::warn!(%error, "contest settings not known; the last good ones stay");
            }
            (true, None) => tracing::info!("contest settings known again"),
            _ => {}
        }
    }
}

impl std::fmt::Debug for Contest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contest").field("number", &self.now().number).finish_non_exhaustive()
    }
}
