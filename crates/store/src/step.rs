//! The parts of which every edge of a video's life is made: lock the row, step
//! to the next state by compare-and-set, leave a message in the outbox.

use anb_domain::{Happening, IllegalTransition, Transition, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QuerySelect as _, UpdateMany, sea_query::Expr,
};

use crate::{
    Outcome, Store, StoreError,
    entity::{attempts, outbox, videos, votes},
    history::NewEvent,
    jury::forget_video,
    moderation::forget_reports,
    row::status_of,
};

/// Reads a row that the transaction is going to change. On PostgreSQL it is
/// locked, so that nobody else decides about this video meanwhile; on SQLite
/// the transaction holds the only pen anyway.
pub(crate) async fn lock(
    txn: &DatabaseTransaction,
    id: VideoId,
) -> Result<Option<videos::Model>, StoreError> {
    Ok(videos::Entity::find_by_id(id.0).lock_exclusive().one(txn).await?)
}

/// The UPDATE that takes a video over an edge of the diagram, if it is still
/// in the state, and at the attempt, in which it was seen.
pub(crate) fn step(
    id: VideoId,
    attempt: i32,
    from: VideoStatus,
    transition: Transition,
) -> Result<UpdateMany<videos::Entity>, IllegalTransition> {
    let to = from.after(transition)?;
    let update = videos::Entity::update_many()
        .filter(videos::Column::Id.eq(id.0))
        .filter(videos::Column::Status.eq(from.as_str()))
        .filter(videos::Column::Attempt.eq(attempt))
        .col_expr(videos::Column::Status, Expr::value(to.as_str()));
    Ok(update)
}

/// As [`step`], from the state that a locked row is in.
pub(crate) fn step_from(
    row: &videos::Model,
    transition: Transition,
) -> Result<Result<UpdateMany<videos::Entity>, IllegalTransition>, StoreError> {
    Ok(step(VideoId(row.id), row.attempt, status_of(row)?, transition))
}

/// Runs an UPDATE of one row. `false`: somebody else was faster.
pub(crate) async fn changed<E: sea_orm::EntityTrait>(
    update: UpdateMany<E>,
    db: &impl ConnectionTrait,
) -> Result<bool, StoreError> {
    Ok(update.exec(db).await?.rows_affected == 1)
}

/// Ends the running attempt of a video, whosever it is.
pub(crate) async fn end_running_attempt(
    txn: &DatabaseTransaction,
    video: VideoId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    attempts::Entity::update_many()
        .set(attempts::ActiveModel {
            finished_at: Set(Some(now)),
            outcome: Set(Some(Outcome::Lost.as_str().into())),
            ..Default::default()
        })
        .filter(attempts::Column::VideoId.eq(video.0))
        .filter(attempts::Column::FinishedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// Makes a tombstone: no votes, no running attempt, no message.
async fn make_tombstone(
    txn: &DatabaseTransaction,
    row: &videos::Model,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Ok(update) = step_from(row, Transition::Delete)? else { return Ok(false) };
    let update = update.set(videos::ActiveModel {
        votes: Set(0),
        upload_expires_at: Set(None),
        queued_at: Set(None),
        deleted_at: Set(Some(now)),
        ..Default::default()
    });
    if !changed(update, txn).await? {
        return Ok(false);
    }
    end_running_attempt(txn, VideoId(row.id), now).await?;
    votes::Entity::delete_many().filter(votes::Column::VideoId.eq(row.id)).exec(txn).await?;
    forget_video(txn, row.id).await?;
    outbox::Entity::delete_many().filter(outbox::Column::VideoId.eq(row.id)).exec(txn).await?;
    forget_reports(txn, VideoId(row.id)).await?;
    Ok(true)
}

impl Store {
    /// Makes a tombstone of a video whose row is locked.
    pub(crate) async fn bury(
        &self,
        txn: &DatabaseTransaction,
        row: &videos::Model,
    ) -> Result<bool, StoreError> {
        let video = VideoId(row.id);
        if !make_tombstone(txn, row, self.now()).await? {
            return Ok(false);
        }
        self.drop_job(txn, video).await?;
        self.tell(txn, NewEvent::new(video, Happening::Deleted)).await?;
        Ok(true)
    }

    /// Leaves a message to be sent once the transaction has been committed.
    pub(crate) async fn post(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
        traceparent: Option<String>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let entry = outbox::ActiveModel {
            id: Set(self.ids.sortable()),
            video_id: Set(video.0),
            traceparent: Set(traceparent),
            created_at: Set(now),
            due_at: Set(now),
            tries: Set(0),
        };
        outbox::Entity::insert(entry).exec_without_returning(txn).await?;
        Ok(())
    }
}
