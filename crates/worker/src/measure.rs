//! What metrics tell of a worker.

use std::{convert::Infallible, time::Duration};

use anb_domain::FailureCode;
use anb_store::{StepTiming, Video};
use anb_telemetry::{
    catalogue::{
        ATTEMPTS, QUEUE_RECEIVED, STEP_DURATION, TIME_TO_COMPLETED, VIDEOS_FAILED,
        WORKER_DISK_FREE, WORKER_SLOTS, WORKER_SLOTS_BUSY,
    },
    emf,
};
use chrono::{DateTime, Utc};
use tokio::time::sleep;

use crate::slots::Worker;

/// Between two looks at the disk.
const PERIOD: Duration = Duration::from_secs(10);

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ended {
    Published,
    Rejected,
    Failed,
    Lost,
    HandedBack,
}

impl Ended {
    const ALL: [Self; 5] =
        [Self::Published, Self::Rejected, Self::Failed, Self::Lost, Self::HandedBack];

    fn label(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::HandedBack => "handed_back",
        }
    }
}

/// A counter that is not there until it has counted hides its first step from
/// whoever asks for its rate.
pub(crate) fn begin(slots: usize) {
    WORKER_SLOTS.set(slots as f64, []);
    WORKER_SLOTS_BUSY.add(0.0, []);
    for outcome in Ended::ALL {
        ATTEMPTS.add(0, [outcome.label().into(), "none".into()]);
    }
    VIDEOS_FAILED.add(0, ["none".into()]);
}

pub(crate) fn received(receive_count: u32) {
    let label = match receive_count {
        0 | 1 => "1",
        2 => "2",
        3 => "3",
        _ => "more",
    };
    QUEUE_RECEIVED.one([label.into()]);
}

pub(crate) fn busy(change: f64) {
    WORKER_SLOTS_BUSY.add(change, []);
}

pub(crate) fn step(step: &StepTiming) {
    let seconds = Duration::from_millis(step.duration_ms).as_secs_f64();
    STEP_DURATION.observe(seconds, [step.step.clone().into()]);
}

pub(crate) fn ended(outcome: Ended, code: Option<FailureCode>) {
    let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    ATTEMPTS.one([outcome.label().into(), code.into()]);
}

/// A video that nobody will try again without being asked.
pub(crate) fn given_up(code: FailureCode) {
    VIDEOS_FAILED.one([code.to_string().into()]);
}

/// How long its player has waited. Whoever has it made once more does not wait.
pub(crate) fn published(video: &Video, now: DateTime<Utc>) {
    if let (Some(uploaded_at), None) = (video.uploaded_at, video.processed_at) {
        let waited = (now - uploaded_at).to_std().unwrap_or_default().as_secs_f64();
        TIME_TO_COMPLETED.observe(waited, []);
        emf::TIME_TO_COMPLETED.note(waited);
    }
}

/// Tells how much room the work folder has, for ever.
pub(crate) async fn watch(worker: &Worker) -> Infallible {
    let context = &worker.context;
    loop {
        // What is wrong with it, a job will tell.
        if let Ok(free) = (context.host.free_space)(&context.work_dir) {
            WORKER_DISK_FREE.set(free as f64, []);
        }
        sleep(PERIOD).await;
    }
}
