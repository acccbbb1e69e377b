//! From the first byte to `pending`.

use anb_domain::{Happening, PlayerId, Title, Transition, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, sea_query::Expr,
};

use crate::{
    Store, StoreError, Video,
    entity::videos,
    history::NewEvent,
    key::key,
    parts::forget_parts,
    players::keep_player,
    row::to_i64,
    step::{changed, lock, step_from},
    videos::load,
};

/// An upload about to begin.
#[derive(Debug, Clone)]
pub struct NewUpload {
    pub owner: PlayerId,
    /// After this moment an unfinished upload is purged.
    pub expires_at: DateTime<Utc>,
}

/// What has arrived.
#[derive(Debug, Clone)]
pub struct UploadedOriginal {
    pub title: Title,
    /// The id of one of the contest's categories, where it has some.
    pub category: Option<String>,
    pub size_bytes: u64,
    /// Lower-case hexadecimal; `None` when the bytes went to storage directly,
    /// and nobody has read them yet.
    pub sha256: Option<String>,
    pub content_type: String,
    /// Of the request that finished the upload; travels with the job.
    pub traceparent: Option<String>,
}

impl Store {
    /// Writes the row `uploading`, before the first byte reaches storage: no
    /// object without a row.
    pub async fn begin_upload(&self, new: NewUpload) -> Result<VideoId, StoreError> {
        let id = VideoId(self.ids.sortable());
        let row = uploading(id, &new, self.now());
        let txn = self.db.begin().await?;
        if !keep_player(&txn, new.owner).await? {
            return Err(DbErr::RecordNotFound("the owner is no longer registered".into()).into());
        }
        videos::Entity::insert(row).exec_without_returning(&txn).await?;
        txn.commit().await?;
        Ok(id)
    }

    /// `uploading` → `pending`, and the outbox entry in the same transaction.
    /// `None` if the upload is no longer `uploading` (expired, finished,
    /// owner deleted).
    pub async fn complete_upload(
        &self,
        id: VideoId,
        original: UploadedOriginal,
    ) -> Result<Option<Video>, StoreError> {
        let txn = self.db.begin().await?;
        let Some(row) = lock(&txn, id).await? else { return Ok(None) };
        let Ok(update) = step_from(&row, Transition::Complete)? else { return Ok(None) };
        let update = update.set(videos::ActiveModel {
            title_key: Set(key(original.title.as_str())),
            title: Set(original.title.into_string()),
            category: Set(original.category),
            size_bytes: Set(Some(to_i64(original.size_bytes))),
            sha256: Set(original.sha256),
            content_type: Set(Some(original.content_type)),
            traceparent: Set(original.traceparent.clone()),
            upload_expires_at: Set(None),
            uploaded_at: Set(Some(self.now())),
            ..Default::default()
        });
        if !changed(update, &txn).await? {
            return Ok(None);
        }
        forget_parts(&txn, id).await?;
        self.post(&txn, id, original.traceparent).await?;
        self.tell(&txn, NewEvent::new(id, Happening::Uploaded)).await?;
        let video = load(&txn, id).await?;
        txn.commit().await?;
        Ok(video)
    }

    /// Removes the row of an upload that was refused or cut off, once its
    /// object is gone. Does nothing to a video in any other state.
    pub async fn abandon_upload(&self, id: VideoId) -> Result<(), StoreError> {
        videos::Entity::delete_many()
            .filter(videos::Column::Id.eq(id.0))
            .filter(videos::Column::Status.eq(VideoStatus::Uploading.as_str()))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }

    /// Notes the hash of an original that was accepted without one, now that
    /// somebody has read it. What is known already stays.
    pub async fn note_sha256(&self, id: VideoId, sha256: &str) -> Result<(), StoreError> {
        videos::Entity::update_many()
            .col_expr(videos::Column::Sha256, Expr::value(sha256))
            .filter(videos::Column::Id.eq(id.0))
            .filter(videos::Column::Sha256.is_null())
            .exec(self.db.writer())
            .await?;
        Ok(())
    }
}

/// The row of an upload that begins.
pub(crate) fn uploading(id: VideoId, new: &NewUpload, now: DateTime<Utc>) -> videos::ActiveModel {
    videos::ActiveModel {
        id: Set(id.0),
        owner_id: Set(new.owner.0),
        title: Set(String::new()),
        title_key: Set(String::new()),
        status: Set(VideoStatus::Uploading.as_str().into()),
        attempt: Set(0),
        tries: Set(0),
        votes: Set(0),
        created_at: Set(now),
        upload_expires_at: Set(Some(new.expires_at)),
        ..Default::default()
    }
}
