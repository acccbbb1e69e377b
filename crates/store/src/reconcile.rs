//! What the reconciler asks and mends.

use anb_domain::{AttemptId, AttemptNo, Failure, VideoId, VideoStatus};
use chrono::{DateTime, Utc};

use crate::{Store, StoreError};

/// An attempt whose worker has not been heard of since its lease ran out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredLease {
    pub video: VideoId,
    pub attempt_id: AttemptId,
    pub attempt: AttemptNo,
    pub tries: u32,
    pub lease_until: DateTime<Utc>,
}

/// A `pending` video without an outbox entry: its message should be in the
/// queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingVideo {
    pub video: VideoId,
    pub tries: u32,
    /// When its message was last sent.
    pub queued_at: DateTime<Utc>,
}

/// What a row says about a video's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVideo {
    pub video: VideoId,
    pub status: VideoStatus,
    /// The attempt that is running or published.
    pub attempt: AttemptNo,
}

impl Store {
    /// Uploads that nobody finished before they expired.
    pub async fn expired_uploads(&self, limit: u64) -> Result<Vec<VideoId>, StoreError> {
        todo!()
    }

    /// Attempts in `processing` whose lease ran out before `before`.
    pub async fn expired_leases(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<ExpiredLease>, StoreError> {
        todo!()
    }

    /// Ends a vanished attempt (`lost`): `processing` → `pending` with an
    /// outbox entry, or → `failed` (`worker_lost`) when it was the last try.
    /// `None`: the attempt is alive after all, or has ended.
    pub async fn end_lost_attempt(
        &self,
        lease: &ExpiredLease,
    ) -> Result<Option<VideoStatus>, StoreError> {
        todo!()
    }

    /// `pending` videos whose message was sent before `queued_before` and that
    /// have no outbox entry; oldest first.
    pub async fn waiting_videos(
        &self,
        queued_before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingVideo>, StoreError> {
        todo!()
    }

    /// Writes an outbox entry for a `pending` video whose message is gone.
    /// `false` if it is no longer pending or has an entry already.
    pub async fn send_again(&self, video: VideoId) -> Result<bool, StoreError> {
        todo!()
    }

    /// `pending` → `failed`.
    pub async fn fail_pending(
        &self,
        video: VideoId,
        failure: &Failure,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// Attempts that ended without being published and whose objects have not
    /// been purged yet.
    pub async fn unpurged_attempts(
        &self,
        limit: u64,
    ) -> Result<Vec<(AttemptId, VideoId, AttemptNo)>, StoreError> {
        todo!()
    }

    /// The objects of this attempt are verified gone.
    pub async fn attempt_purged(&self, attempt: AttemptId) -> Result<(), StoreError> {
        todo!()
    }

    /// Tombstones whose objects have not been purged yet.
    pub async fn unpurged_tombstones(&self, limit: u64) -> Result<Vec<VideoId>, StoreError> {
        todo!()
    }

    /// All objects of this tombstone are verified gone.
    pub async fn tombstone_purged(&self, video: VideoId) -> Result<(), StoreError> {
        todo!()
    }

    /// What the rows say about these videos; ids without a row are left out.
    pub async fn known_videos(&self, ids: &[VideoId]) -> Result<Vec<KnownVideo>, StoreError> {
        todo!()
    }

    /// Videos by id, from `after` on: to check that each has its objects.
    /// Leaves out `uploading` and `deleted`.
    pub async fn videos_with_objects(
        &self,
        after: Option<VideoId>,
        limit: u64,
    ) -> Result<Vec<KnownVideo>, StoreError> {
        todo!()
    }

    /// `completed` → `pending` with an outbox entry and three new tries: its
    /// published objects are gone but the original is there.
    pub async fn restore_video(&self, video: VideoId) -> Result<bool, StoreError> {
        todo!()
    }

    /// How many videos there are in each state.
    pub async fn count_by_status(&self) -> Result<Vec<(VideoStatus, u64)>, StoreError> {
        todo!()
    }
}
