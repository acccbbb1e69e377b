//! Download → transcode → upload, in a private folder, each step timed.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anb_blob::{BlobError, BlobStore, Stored};
use anb_domain::{Approval, Failure, FailureCode, keys::KeyLayout, keys::ResultFile};
use anb_media::{LogTail, MediaError, ProcessJob, Produced, Step, Threads, Transcoder};
use anb_store::{Claim, PublishedResult, StepTiming, Store};
use futures::{
    FutureExt,
    stream::{self, StreamExt},
};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

use tracing::{Instrument as _, info_span};

use crate::{crash::CrashPoint, measure};

/// How long a cancelled transcoder may take to end its child process before
/// it is dropped.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// Results on their way to storage at the same time. There are six: the video,
/// beside which the small ones go, each no longer than a request takes.
const UPLOADS_AT_ONCE: usize = 3;

/// The work on one claim.
pub(crate) struct Pipeline<'a> {
    pub(crate) store: &'a Store,
    pub(crate) blobs: &'a dyn BlobStore,
    pub(crate) transcoder: &'a dyn Transcoder,
    pub(crate) layout: &'a KeyLayout,
    pub(crate) claim: &'a Claim,
    pub(crate) approval: Approval,
    pub(crate) folder: PathBuf,
    pub(crate) progress: watch::Sender<u8>,
    pub(crate) cancel: CancellationToken,
    /// What was done so far, however it ends.
    pub(crate) steps: Vec<StepTiming>,
    /// What ffmpeg says last.
    pub(crate) log: LogTail,
    /// Whether objects of this attempt may be in storage.
    pub(crate) has_uploaded: bool,
}

impl Pipeline<'_> {
    /// Does it all. A panic on the way is a failure like any other.
    pub(crate) async fn run(
        &mut self,
        threads: impl Future<Output = Threads>,
    ) -> Result<PublishedResult, MediaError> {
        let result = AssertUnwindSafe(self.work(threads)).catch_unwind().await;
        let result = result.unwrap_or_else(|panic| Err(MediaError::Failed(panicked(&*panic))));
        match result {
            // What goes wrong after a cancellation says nothing about the clip.
            Err(MediaError::Failed(_)) if self.cancel.is_cancelled() => Err(MediaError::Cancelled),
            result => result,
        }
    }

    async fn work(
        &mut self,
        threads: impl Future<Output = Threads>,
    ) -> Result<PublishedResult, MediaError> {
        let input = self.folder.join("original");
        self.download(&input).instrument(info_span!("download")).await?;
        CrashPoint::Downloaded.reach().await;

        let output = self.folder.join("result");
        let produced = self.transcode(input, output.clone(), threads.await).await?;
        produced.steps.iter().for_each(|step| self.note(timing(step)));
        CrashPoint::Transcoded.reach().await;

        self.upload(&output).instrument(info_span!("upload")).await?;
        CrashPoint::Uploaded.reach().await;
        Ok(PublishedResult {
            duration_s: produced.duration_s,
            size_bytes: produced.size_bytes,
            steps: self.steps.clone(),
            task_ms: None,
            approval: self.approval,
            recipe: Some(produced.recipe),
        })
    }

    async fn download(&mut self, file: &Path) -> Result<(), MediaError> {
        let begun = Instant::now();
        let key = self.layout.original(self.claim.video.id);
        let stored = self
            .unless_cancelled(self.blobs.get_file(&key, file))
            .await?
            .map_err(|error| unread(&error))?;
        self.verify(&stored)?;
        self.note_hash(&stored).await;
        self.note(measured("download", begun, stored.size));
        Ok(())
    }

    fn note(&mut self, step: StepTiming) {
        measure::step(&step);
        self.steps.push(step);
    }

    /// Storage must return what the player sent.
    fn verify(&self, stored: &Stored) -> Result<(), MediaError> {
        let video = &self.claim.video;
        let same_size = video.size_bytes.is_none_or(|size| size == stored.size);
        let same_hash = video.sha256.as_deref().is_none_or(|hash| hash == stored.sha256);
        if same_size && same_hash {
            return Ok(());
        }
        let detail = format!(
            "the original has {} bytes, sha256 {}; expected {:?} bytes, sha256 {:?}",
            stored.size, stored.sha256, video.size_bytes, video.sha256
        );
        Err(failed(FailureCode::StorageUnavailable, detail))
    }

    /// What came in parts has never been read as a whole. The hash is for
    /// operators, and for the next try: this one goes on without it.
    async fn note_hash(&self, stored: &Stored) {
        let video = &self.claim.video;
        if video.sha256.is_none()
            && let Err(error) = self.store.note_sha256(video.id, &stored.sha256).await
        {
            tracing::warn!(%error, "hash of the original not noted");
        }
    }

    async fn transcode(
        &self,
        input: PathBuf,
        work_dir: PathBuf,
        threads: Threads,
    ) -> Result<Produced, MediaError> {
        tokio::fs::create_dir(&work_dir)
            .await
            .map_err(|error| failed(FailureCode::Internal, error.to_string()))?;
        let progress = self.progress.clone();
        let on_progress = Box::new(move |percent| {
            progress.send_replace(percent);
        });
        let cancel = self.cancel.clone();
        let log = self.log.clone();
        let job = ProcessJob { input, work_dir, threads, on_progress, cancel, log };
        tokio::select! {
            result = self.transcoder.process(job) => result,
            () = self.deaf_to_cancellation() => Err(MediaError::Cancelled),
        }
    }

    async fn deaf_to_cancellation(&self) {
        self.cancel.cancelled().await;
        sleep(CANCEL_TIMEOUT).await;
        tracing::error!("transcoder did not end when cancelled");
    }

    async fn upload(&mut self, results: &Path) -> Result<(), MediaError> {
        let begun = Instant::now();
        self.has_uploaded = true;
        let uploads = ResultFile::ALL.map(|file| self.put(results, file));
        // All are waited for, whatever becomes of one: what is still on its way
        // could arrive after everything has been removed.
        let all = stream::iter(uploads).buffer_unordered(UPLOADS_AT_ONCE).collect::<Vec<_>>();
        let sizes = self.unless_cancelled(all).await?;
        let size = sizes.into_iter().sum::<Result<u64, MediaError>>()?;
        self.note(measured("upload", begun, size));
        Ok(())
    }

    /// Puts one result into storage; returns its size.
    async fn put(&self, results: &Path, file: ResultFile) -> Result<u64, MediaError> {
        let key = self.layout.result(self.claim.video.id, self.claim.attempt, file);
        let path = results.join(file.file_name());
        let stored = self.blobs.put_file(&key, file.content_type(), &path).await;
        let stored = stored.map_err(|error| unwritten(&error))?;
        CrashPoint::Uploading.reach().await;
        Ok(stored.size)
    }

    async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, MediaError> {
        self.cancel.run_until_cancelled(work).await.ok_or(MediaError::Cancelled)
    }

    /// Removes whatever this attempt has put into storage. What cannot be
    /// removed now, the reconciler will.
    pub(crate) async fn discard(&self) {
        if !self.has_uploaded {
            return;
        }
        for file in ResultFile::ALL {
            let key = self.layout.result(self.claim.video.id, self.claim.attempt, file);
            if let Err(error) = self.blobs.delete(&key).await {
                tracing::warn!(%error, "unpublished objects left to the reconciler");
                return;
            }
        }
    }
}

fn unread(error: &BlobError) -> MediaError {
    let code = match error {
        BlobError::NotFound(_) => FailureCode::OriginalMissing,
        BlobError::NoSpace(_) => FailureCode::OutOfSpace,
        _ => FailureCode::StorageUnavailable,
    };
    failed(code, error.to_string())
}

fn unwritten(error: &BlobError) -> MediaError {
    let code = match error {
        BlobError::NoSpace(_) => FailureCode::OutOfSpace,
        _ => FailureCode::StorageUnavailable,
    };
    failed(code, error.to_string())
}

fn failed(code: FailureCode, detail: String) -> MediaError {
    MediaError::Failed(Failure::new(code).with_detail(detail))
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Failure::new(FailureCode::Internal).with_detail(format!("panic: {message}"))
}

fn measured(step: &str, begun: Instant, size_bytes: u64) -> StepTiming {
    StepTiming {
        step: step.to_owned(),
        duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        cpu_ms: None,
        size_bytes: Some(size_bytes),
    }
}

fn timing(step: &Step) -> StepTiming {
    StepTiming {
        step: step.name.to_owned(),
        duration_ms: step.duration_ms,
        cpu_ms: step.cpu_ms,
        size_bytes: step.size_bytes,
    }
}
