//! One try at a video, from the claim to the fate of its message.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anb_domain::{
    Clock, Failure, FailureCode, VideoStatus,
    retry::{Verdict, after_failed_try},
};
use anb_media::{LogTail, MediaError};
use anb_queue::Delivery;
use anb_store::{Claim, HandBack, PublishedResult, Spent, StoreError, Video};
use tokio::sync::watch;
use tracing::{Instrument as _, info_span};

use crate::{
    busy::Turn,
    crash::CrashPoint,
    lease::Lease,
    measure::{self, Ended},
    message::Fate,
    pipeline::Pipeline,
    slots::Worker,
};

/// A claim being worked on.
struct Attempt<'a> {
    lease: &'a Lease<'a>,
    claim: &'a Claim,
    receives: u32,
    retry_delay: Duration,
    begun: Instant,
    turn: &'a Turn,
    clock: &'a dyn Clock,
}

/// Works on a claim taken at `since`, and says what becomes of its message.
pub(crate) async fn run(
    worker: &Worker,
    claim: &Claim,
    delivery: &Delivery,
    (since, turn): (tokio::time::Instant, &Turn),
) -> Fate {
    CrashPoint::Claimed.reach().await;
    let context = &worker.context;
    let cancel = worker.cut.child_token();
    let lease = Lease::new(
        (&context.store, context.queue.as_ref()),
        (claim, delivery),
        (since, context.visibility, worker.heartbeat()),
        cancel.clone(),
    );
    let attempt = Attempt {
        lease: &lease,
        claim,
        receives: delivery.receive_count,
        retry_delay: Duration::from_secs(context.settings.retry_delay_s),
        begun: Instant::now(),
        turn,
        clock: context.clock.as_ref(),
    };
    let (progress, percent) = watch::channel(0);
    let pipeline = |folder| Pipeline {
        store: &context.store,
        blobs: context.blobs.as_ref(),
        transcoder: context.transcoder.as_ref(),
        layout: &context.layout,
        claim,
        approval: context.approval,
        folder,
        progress,
        cancel,
        steps: Vec::new(),
        log: LogTail::default(),
        has_uploaded: false,
    };
    tokio::select! {
        biased;
        fate = attempt.work(worker, pipeline) => fate,
        never = lease.keep(percent) => match never {},
    }
}

impl Attempt<'_> {
    async fn work<'p>(
        &self,
        worker: &Worker,
        pipeline: impl FnOnce(PathBuf) -> Pipeline<'p>,
    ) -> Fate {
        let folder = match worker.home.job_folder(self.claim.attempt_id).await {
            Ok(folder) => folder,
            Err(error) => {
                let pipeline = pipeline(PathBuf::new());
                let failure = Failure::new(FailureCode::Internal).with_detail(error.to_string());
                return self.failed(&pipeline, &failure).await;
            }
        };
        let mut pipeline = pipeline(folder.clone());
        let result = pipeline.run(worker.threads()).await;
        if let Err(error) = tokio::fs::remove_dir_all(&folder).await {
            tracing::error!(%error, "work folder not removed");
        }
        match result {
            Ok(result) => self.publish(&pipeline, result).await,
            Err(MediaError::Rejected(failure)) => self.reject(&pipeline, &failure).await,
            Err(MediaError::Failed(failure)) => self.failed(&pipeline, &failure).await,
            Err(MediaError::Cancelled) if self.lease.is_lost() => self.lost(&pipeline).await,
            Err(MediaError::Cancelled) => self.hand_back(&pipeline).await,
        }
    }

    async fn publish(&self, pipeline: &Pipeline<'_>, result: PublishedResult) -> Fate {
        let store = self.lease.store;
        let result = PublishedResult { task_ms: Some(self.task_ms()), ..result };
        let write = self.lease.insist(|| store.publish(self.claim, result.clone()));
        let written = write.instrument(info_span!("publish")).await;
        self.ended(pipeline, written, CrashPoint::Published, || {
            self.count_published();
            tracing::info!(
                duration_ms = self.duration_ms(),
                size_bytes = result.size_bytes,
                video_duration_s = result.duration_s,
                "video published"
            );
            Fate::Delete
        })
        .await
    }

    async fn reject(&self, pipeline: &Pipeline<'_>, failure: &Failure) -> Fate {
        let store = self.lease.store;
        let write = || store.reject(self.claim, failure, self.spent(pipeline));
        let written = self.lease.insist(write).await;
        self.ended(pipeline, written, CrashPoint::Rejected, || {
            measure::ended(Ended::Rejected, Some(failure.code));
            let duration_ms = self.duration_ms();
            tracing::info!(duration_ms, code = %failure.code, "video rejected");
            Fate::Delete
        })
        .await
    }

    /// A try went wrong: decides whether another one follows.
    async fn failed(&self, pipeline: &Pipeline<'_>, failure: &Failure) -> Fate {
        pipeline.discard().await;
        let store = self.lease.store;
        let verdict = after_failed_try(self.claim.tries, self.receives, self.retry_delay);
        let requeue = |message| store.requeue(self.claim, failure, self.spent(pipeline), message);
        let (written, fate) = match verdict {
            Verdict::Again { after } => {
                let written = self.lease.insist(|| requeue(HandBack::SameMessage)).await;
                (written, Fate::Release(after))
            }
            Verdict::AgainWithNewMessage => {
                let written = self.lease.insist(|| requeue(HandBack::NewMessage)).await;
                (written, Fate::Delete)
            }
            Verdict::GiveUp => {
                let give_up = || store.fail(self.claim, failure, self.spent(pipeline));
                // Received three times, a released message is a dead letter;
                // but none is needed of a video whose old result stays.
                let dead = if self.claim.replaces.is_some() { Fate::Delete } else { Fate::NOW };
                (self.lease.insist(give_up).await, dead)
            }
        };
        self.ended(pipeline, written, CrashPoint::Failed, || {
            measure::ended(Ended::Failed, Some(failure.code));
            if verdict == Verdict::GiveUp {
                measure::given_up(failure.code);
            }
            tracing::warn!(
                duration_ms = self.duration_ms(),
                tries = self.claim.tries,
                code = %failure.code,
                detail = failure.detail,
                ?verdict,
                "try failed"
            );
            fate
        })
        .await
    }

    /// The worker stops: another one is to go on at once.
    async fn hand_back(&self, pipeline: &Pipeline<'_>) -> Fate {
        pipeline.discard().await;
        let (message, fate) = if self.receives >= anb_queue::MAX_RECEIVES {
            (HandBack::NewMessage, Fate::Delete)
        } else {
            (HandBack::SameMessage, Fate::NOW)
        };
        let store = self.lease.store;
        let written = self.lease.insist(|| store.hand_back(self.claim, message)).await;
        self.ended(pipeline, written, CrashPoint::HandedBack, || {
            measure::ended(Ended::HandedBack, None);
            tracing::info!(duration_ms = self.duration_ms(), "video handed back");
            fate
        })
        .await
    }

    /// What follows from the last write of an attempt: `fate` if it was ours
    /// to end.
    async fn ended(
        &self,
        pipeline: &Pipeline<'_>,
        written: Result<bool, StoreError>,
        point: CrashPoint,
        fate: impl FnOnce() -> Fate,
    ) -> Fate {
        match written {
            Ok(true) => {
                point.reach().await;
                fate()
            }
            Ok(false) => self.lost(pipeline).await,
            Err(error) => {
                tracing::error!(%error, "result not written; left to the next delivery");
                Fate::Leave
            }
        }
    }

    /// The video is no longer ours. Its row tells whether our own write was
    /// the reason (it succeeded although its answer was lost), and whether
    /// the message is still of use to anybody.
    async fn lost(&self, pipeline: &Pipeline<'_>) -> Fate {
        use VideoStatus::{Completed, Deleted, Rejected};
        let video = match self.lease.store.video(self.claim.video.id).await {
            Ok(video) => video,
            Err(error) => {
                tracing::warn!(%error, "lost attempt left to the reconciler");
                return Fate::Leave;
            }
        };
        let status = video.as_ref().map(|video| video.status);
        let latest = video.as_ref().is_some_and(|video| video.attempt == self.claim.attempt);
        if latest && status == Some(Completed) {
            self.count_published();
        } else {
            measure::ended(Ended::Lost, None);
            pipeline.discard().await;
            self.note_last_words(pipeline).await;
            tracing::warn!(duration_ms = self.duration_ms(), ?status, "attempt lost");
        }
        match status {
            None | Some(Completed | Rejected | Deleted) => Fate::Delete,
            Some(_) if video.is_some_and(|video| was_cancelled(&video)) => Fate::Delete,
            Some(_) => Fate::Leave,
        }
    }

    fn count_published(&self) {
        measure::ended(Ended::Published, None);
        measure::published(&self.claim.video, self.clock.now());
    }

    /// An attempt that an operator has stopped ended without them.
    async fn note_last_words(&self, pipeline: &Pipeline<'_>) {
        let Some(tail) = pipeline.log.text() else { return };
        if let Err(error) = self.lease.store.note_log_tail(self.claim.attempt_id, &tail).await {
            tracing::debug!(%error, "last lines of ffmpeg not noted");
        }
    }

    fn spent(&self, pipeline: &Pipeline<'_>) -> Spent {
        Spent {
            steps: pipeline.steps.clone(),
            task_ms: Some(self.task_ms()),
            log_tail: pipeline.log.text(),
        }
    }

    fn task_ms(&self) -> u64 {
        whole_ms(self.turn.share())
    }

    fn duration_ms(&self) -> u64 {
        whole_ms(self.begun.elapsed())
    }
}

/// Whether an operator has stopped it: then its message is of use to nobody.
pub(crate) fn was_cancelled(video: &Video) -> bool {
    let code = video.failure.as_ref().map(|failure| failure.code);
    video.status == VideoStatus::Failed && code == Some(FailureCode::Cancelled)
}

fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
