//! The worker's edges: claim, heartbeat, and the five ways an attempt ends.
//! Each compares (video, status, attempt, lease token) and sets; whoever
//! comes late changes nothing and is told so.

use std::{fmt, time::Duration};

use anb_domain::{AttemptId, AttemptNo, Failure, LeaseToken, VideoId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError, Video};

/// The right to work on a video, good until the lease runs out.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The row as it is after the claim.
    pub video: Video,
    pub attempt_id: AttemptId,
    pub attempt: AttemptNo,
    /// Tries that count, this one included.
    pub tries: u32,
    pub token: LeaseToken,
}

/// What a worker learns when it wants a video.
#[derive(Debug, Clone)]
pub enum ClaimOutcome {
    Claimed(Box<Claim>),
    /// Another worker's lease is good until then.
    Busy {
        until: DateTime<Utc>,
    },
    /// All three tries are used up and the last worker has vanished: the
    /// video is now `failed` (`worker_lost`).
    Exhausted,
    /// Nothing to do: completed, rejected, failed, deleted or unknown.
    Finished,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Published,
    Rejected,
    /// It went wrong; perhaps another one follows.
    Failed,
    /// Its worker vanished: the lease ran out.
    Lost,
}

impl Outcome {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Lost => "lost",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one step of an attempt took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepTiming {
    /// `download`, `probe`, `transcode`, `join`, `check`, `upload`.
    pub step: String,
    pub duration_ms: u64,
    /// CPU time of the child process, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ms: Option<u64>,
    /// Bytes read or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
}

/// What is published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedResult {
    /// Length of the video in seconds.
    pub duration_s: f64,
    /// Size of the video in bytes.
    pub size_bytes: u64,
    pub steps: Vec<StepTiming>,
}

/// How a claim is given back when the worker stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandBack {
    /// The caller releases the message: it will be delivered again.
    SameMessage,
    /// The queue will not deliver this message again: write an outbox entry
    /// for a new one; the caller deletes the old.
    NewMessage,
}

impl Store {
    /// Gives the video to `worker` for `lease`: `pending` → `processing`, or
    /// takes it over from an attempt whose lease has run out (that one ends
    /// `lost`). `receipt` is the delivery's, kept so that a restarted worker
    /// can give back what its killed predecessor held.
    pub async fn claim(
        &self,
        id: VideoId,
        worker: &str,
        receipt: &str,
        lease: Duration,
    ) -> Result<ClaimOutcome, StoreError> {
        todo!()
    }

    /// Extends the lease to `lease` from now. `false`: it is no longer ours.
    pub async fn heartbeat(&self, claim: &Claim, lease: Duration) -> Result<bool, StoreError> {
        todo!()
    }

    /// Notes the percentage done. `false`: the claim is no longer ours.
    pub async fn note_progress(&self, claim: &Claim, percent: u8) -> Result<bool, StoreError> {
        todo!()
    }

    /// `processing` → `completed`. `false`: somebody else has it; remove what
    /// you uploaded.
    pub async fn publish(
        &self,
        claim: &Claim,
        result: PublishedResult,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// `processing` → `rejected`.
    pub async fn reject(
        &self,
        claim: &Claim,
        failure: &Failure,
        steps: Vec<StepTiming>,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// `processing` → `pending` after a try that went wrong. With
    /// [`HandBack::NewMessage`] an outbox entry is written as well.
    pub async fn requeue(
        &self,
        claim: &Claim,
        failure: &Failure,
        steps: Vec<StepTiming>,
        message: HandBack,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// `processing` → `failed`: the last try went wrong.
    pub async fn fail(
        &self,
        claim: &Claim,
        failure: &Failure,
        steps: Vec<StepTiming>,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// `processing` → `pending` because the worker stops: the attempt's row is
    /// removed and the try does not count.
    pub async fn hand_back(&self, claim: &Claim, message: HandBack) -> Result<bool, StoreError> {
        todo!()
    }

    /// Ends now the leases of a worker that is known to be dead, and returns
    /// the receipts of the messages it held. The attempts themselves end
    /// (`lost`) at the next claim.
    pub async fn surrender_leases(&self, worker: &str) -> Result<Vec<String>, StoreError> {
        todo!()
    }
}
