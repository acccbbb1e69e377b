//! Mends what crashes, outages and lost messages have left half done.
//!
//! Each check stands alone: it may run in several processes at once, any
//! number of times, and its failure does not keep the others from running.

mod attempts;
mod dead_letters;
mod leases;
mod messages;
mod report;
mod sweep;
mod tombstones;
mod uploads;
mod votes;

use std::{fmt, sync::Arc, time::Duration};

use anb_blob::{BlobError, BlobStore};
use anb_domain::{
    Clock, Failure, FailureCode, VideoId, keys::KeyLayout, retry::MAX_TRIES,
    vote_review::ReviewRules,
};
use anb_queue::{DeadLetters, JobQueue, QueueError};
use anb_store::{Store, StoreError};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use thiserror::Error;

use crate::WorkerContext;

pub use report::Report;

/// Rows looked at by one check in one round; the rest waits for the next.
const LIMIT: u64 = 200;

/// Looks for what is broken, and mends it.
pub struct Reconciler {
    pub store: Store,
    pub blobs: Arc<dyn BlobStore>,
    pub queue: Arc<dyn JobQueue>,
    pub dead_letters: Arc<dyn DeadLetters>,
    pub layout: KeyLayout,
    /// Visibility timeout of the queue, and length of a lease.
    pub visibility: Duration,
    /// How long links to results are good.
    pub link_ttl: Duration,
    /// Setting `worker.upload_ttl_s`.
    pub upload_ttl: Duration,
    /// When votes are flagged.
    pub vote_review: ReviewRules,
    pub clock: Arc<dyn Clock>,
}

/// What kept a check from finishing.
#[derive(Debug, Error)]
pub enum CheckError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// Some checks could not finish.
#[derive(Debug, Error)]
pub struct ReconcileError {
    /// What was mended nonetheless.
    pub report: Report,
    /// The checks, with what hindered each.
    pub failures: Vec<(&'static str, CheckError)>,
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (check, error)) in self.failures.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{check}: {error}")?;
        }
        Ok(())
    }
}

impl From<&WorkerContext> for Reconciler {
    fn from(context: &WorkerContext) -> Self {
        Self {
            store: context.store.clone(),
            blobs: Arc::clone(&context.blobs),
            queue: Arc::clone(&context.queue),
            dead_letters: Arc::clone(&context.dead_letters),
            layout: context.layout.clone(),
            visibility: context.visibility,
            link_ttl: context.link_ttl,
            upload_ttl: Duration::from_secs(context.settings.upload_ttl_s),
            vote_review: context.vote_review.clone(),
            clock: Arc::clone(&context.clock),
        }
    }
}

impl Reconciler {
    /// The checks that look only at rows and messages which call for
    /// attention: cheap, meant for every half minute.
    ///
    /// # Errors
    /// [`ReconcileError`] if a check could not finish.
    pub async fn quick(&self) -> Result<Report, ReconcileError> {
        let mut report = Report::default();
        let checks = [
            ("expired uploads", self.give_up_expired_uploads(&mut report).await),
            ("lost attempts", self.end_lost_attempts(&mut report).await),
            ("lost messages", self.replace_lost_messages(&mut report).await),
            ("dead letters", self.answer_dead_letters(&mut report).await),
            ("lost reprocessing", self.replace_lost_reprocessing(&mut report).await),
            ("ended attempts", self.purge_ended_attempts(&mut report).await),
            ("tombstones", self.purge_tombstones(&mut report).await),
            ("votes", self.review_votes(&mut report).await),
        ];
        conclude(report, checks)
    }

    /// Compares all objects with all rows, both ways.
    ///
    /// # Errors
    /// [`ReconcileError`] if a check could not finish.
    pub async fn sweep(&self) -> Result<Report, ReconcileError> {
        let mut report = Report::default();
        let mut seen = sweep::Inventory::default();
        let checks = [
            ("objects without a row", self.remove_stray_objects(&mut seen, &mut report).await),
            ("rows without objects", self.restore_lost_objects(&seen, &mut report).await),
            ("footprints", self.forget_footprints(&mut report).await),
        ];
        conclude(report, checks)
    }

    /// A video that waits for a message which will not come: another message,
    /// or the end if no try is left.
    async fn wake_or_fail(
        &self,
        video: VideoId,
        tries: u32,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        if tries < MAX_TRIES {
            if self.store.send_again(video).await? {
                tracing::debug!(video_id = %video, "message sent again");
                report.messages_sent_again += 1;
            }
        } else if self.store.fail_pending(video, &Failure::new(FailureCode::WorkerLost)).await? {
            tracing::debug!(video_id = %video, "video failed: no try left");
            report.videos_failed += 1;
        }
        Ok(())
    }

    /// Removes every object below `prefix`, and makes sure that none is left.
    /// `false`: something was written meanwhile.
    async fn empty(&self, prefix: &str) -> Result<bool, BlobError> {
        let mut objects = self.blobs.list(prefix);
        while let Some(object) = objects.try_next().await? {
            self.blobs.delete(&object.key).await?;
        }
        Ok(self.blobs.list(prefix).try_next().await?.is_none())
    }

    fn ago(&self, age: Duration) -> DateTime<Utc> {
        self.clock.now() - age
    }
}

#[expect(clippy::result_large_err, reason = "there is one in half a minute")]
fn conclude<const N: usize>(
    report: Report,
    checks: [(&'static str, Result<(), CheckError>); N],
) -> Result<Report, ReconcileError> {
    let failures: Vec<_> =
        checks.into_iter().filter_map(|(check, result)| Some((check, result.err()?))).collect();
    if failures.is_empty() { Ok(report) } else { Err(ReconcileError { report, failures }) }
}

/// Carries on after an object that cannot be reached, so that it does not
/// stand in the way of those behind it; tells of the first at the end.
#[derive(Default)]
struct Stumbles(Option<BlobError>);

impl Stumbles {
    /// The value, or `None` after an error.
    fn over<T>(&mut self, result: Result<T, BlobError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.get_or_insert(error);
                None
            }
        }
    }

    fn finish(self) -> Result<(), CheckError> {
        self.0.map_or(Ok(()), |error| Err(error.into()))
    }
}
