//! An operator stops the try that runs.

use anb_domain::{
    Action, AttemptId, AttemptNo, EventKind, Failure, FailureCode, Happening, Subject, Transition,
    VideoId, VideoStatus,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;
use thiserror::Error;

use crate::{
    Actor, Deed, Outcome, Store, StoreError,
    entity::{attempts, videos},
    history::NewEvent,
    row::{attempt_no, status_of, to_json},
    step::{changed, lock, step_from},
};

/// What has become of a video whose try was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It is `failed`, and may be retried.
    Failed,
    /// It was being made again: the old result stays.
    KeptOld,
}

#[derive(Debug, Error)]
pub enum CancelError {
    #[error("there is no such video")]
    NotFound,
    /// It has ended meanwhile, or another one runs.
    #[error("that try does not run any more")]
    NotRunning,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for CancelError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Ends this try of this video, and no other. Its worker learns of it with
    /// its next sign of life, ends ffmpeg and deletes the message; should it
    /// die before that, whoever receives the message next finds nothing to do.
    pub async fn cancel_attempt(
        &self,
        video: VideoId,
        attempt: AttemptNo,
        by: &Actor,
    ) -> Result<Cancelled, CancelError> {
        let txn = self.db.begin().await?;
        let row = lock(&txn, video).await?.ok_or(CancelError::NotFound)?;
        let failure = Failure::new(FailureCode::Cancelled);
        if !self.stop_attempt(&txn, video, attempt, &failure).await? {
            return Err(CancelError::NotRunning);
        }
        let end = if status_of(&row)? == VideoStatus::Completed {
            self.cancel_reprocessing(&txn, video, &failure).await?.then_some(Cancelled::KeptOld)
        } else {
            let failed = cancel_first_making(&txn, &row, &failure).await?;
            self.announce_video(&txn, video, EventKind::VideoFailed).await?;
            failed.then_some(Cancelled::Failed)
        };
        let end = end.ok_or(CancelError::NotRunning)?;
        let event = NewEvent::new(video, Happening::Cancelled).attempt(attempt).by(&by.name);
        self.tell(&txn, event).await?;
        let deed = Deed::new(Action::VIDEO_CANCELLED, Subject::video(video));
        self.note(&txn, by, deed.before(json!({ "attempt": attempt }))).await?;
        txn.commit().await?;
        Ok(end)
    }

    async fn stop_attempt(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
        attempt: AttemptNo,
        failure: &Failure,
    ) -> Result<bool, StoreError> {
        let ended = attempts::Entity::update_many()
            .set(attempts::ActiveModel {
                finished_at: Set(Some(self.now())),
                outcome: Set(Some(Outcome::Failed.as_str().into())),
                failure_code: Set(Some(failure.code.as_str().into())),
                failure: Set(Some(to_json(failure)?)),
                ..Default::default()
            })
            .filter(attempts::Column::VideoId.eq(video.0))
            .filter(attempts::Column::No.eq(attempt_no(attempt)))
            .filter(attempts::Column::FinishedAt.is_null());
        changed(ended, txn).await
    }

    /// Adds what ffmpeg said last to an attempt that somebody else has ended.
    pub async fn note_log_tail(&self, attempt: AttemptId, tail: &str) -> Result<(), StoreError> {
        attempts::Entity::update_many()
            .set(attempts::ActiveModel {
                log_tail: Set(Some(tail.replace('\0', "\u{fffd}"))),
                ..Default::default()
            })
            .filter(attempts::Column::Id.eq(attempt.0))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }
}

async fn cancel_first_making(
    txn: &DatabaseTransaction,
    row: &videos::Model,
    failure: &Failure,
) -> Result<bool, StoreError> {
    let Ok(update) = step_from(row, Transition::Cancel)? else { return Ok(false) };
    let failed =
        videos::ActiveModel { failure: Set(Some(to_json(failure)?)), ..Default::default() };
    changed(update.set(failed), txn).await
}
