//! Uploads in parts: rows `uploading` whose bytes clients send to storage part
//! by part, as long as they need, until they say that it is all there.

use anb_domain::{PlayerId, Title, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, Select,
    sea_query::{Expr, LockType},
};
use thiserror::Error;

use crate::{
    NewUpload, Store, StoreError,
    entity::{part_uploads, videos},
    key::key,
    players::lock_player,
    row::{corrupt, count, to_i64},
    step::changed,
    uploads::uploading,
};

/// An upload in parts about to begin.
#[derive(Debug, Clone)]
pub struct NewPartUpload {
    pub owner: PlayerId,
    /// After this moment it is given up, if it is not finished.
    pub expires_at: DateTime<Utc>,
    pub title: Title,
    /// The id of one of the contest's categories, where it has some.
    pub category: Option<String>,
    /// Of the whole file.
    pub size_bytes: u64,
    /// Of every part but the last.
    pub part_size_bytes: u64,
}

/// An upload in parts that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartUpload {
    pub video: VideoId,
    pub owner: PlayerId,
    pub title: Title,
    /// The id of one of the contest's categories, where it has some.
    pub category: Option<String>,
    /// Of the whole file.
    pub size_bytes: u64,
    /// Of every part but the last.
    pub part_size_bytes: u64,
    /// What storage calls it; `None` until it has begun there.
    pub token: Option<String>,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Error)]
pub enum BeginPartsError {
    #[error("the player has {0} uploads open")]
    TooManyOpen(u64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes the row `uploading` and what its parts are to be, before storage
    /// is touched: no object without a row. Refused when the player has `most`
    /// open already.
    pub async fn begin_part_upload(
        &self,
        new: NewPartUpload,
        most: u64,
    ) -> Result<VideoId, BeginPartsError> {
        let id = VideoId(self.ids.sortable());
        let txn = self.db.begin().await?;
        // One transaction of a player after the other: else two at once would
        // both find room for one.
        if !lock_player(&txn, new.owner, LockType::NoKeyUpdate).await? {
            return Err(DbErr::RecordNotFound("the owner is no longer registered".into()).into());
        }
        let open = self.open_uploads(new.owner).count(&txn).await?;
        if open >= most {
            return Err(BeginPartsError::TooManyOpen(open));
        }
        let upload = NewUpload { owner: new.owner, expires_at: new.expires_at };
        let row = videos::ActiveModel {
            title_key: Set(key(new.title.as_str())),
            title: Set(new.title.into_string()),
            category: Set(new.category),
            ..uploading(id, &upload, self.now())
        };
        videos::Entity::insert(row).exec_without_returning(&txn).await?;
        let parts = part_uploads::ActiveModel {
            video_id: Set(id.0),
            token: Set(None),
            size_bytes: Set(to_i64(new.size_bytes)),
            part_size_bytes: Set(to_i64(new.part_size_bytes)),
        };
        part_uploads::Entity::insert(parts).exec_without_returning(&txn).await?;
        txn.commit().await?;
        Ok(id)
    }

    /// Notes what storage calls the upload, now that it has begun there.
    /// `false`: it was given up meanwhile.
    pub async fn part_upload_begun(&self, id: VideoId, token: &str) -> Result<bool, StoreError> {
        let update = part_uploads::Entity::update_many()
            .col_expr(part_uploads::Column::Token, Expr::value(token))
            .filter(part_uploads::Column::VideoId.eq(id.0))
            .filter(part_uploads::Column::Token.is_null());
        changed(update, self.db.writer()).await
    }

    /// An open upload in parts, expired or not. `None` once it was completed or
    /// given up, or when its player is gone.
    pub async fn part_upload(&self, id: VideoId) -> Result<Option<PartUpload>, StoreError> {
        let found = part_uploads::Entity::find_by_id(id.0)
            .find_also_related(videos::Entity)
            .filter(videos::Column::Status.eq(VideoStatus::Uploading.as_str()))
            .one(self.db.reader())
            .await?;
        let Some((parts, Some(video))) = found else { return Ok(None) };
        PartUpload::of(parts, &video).map(Some)
    }

    /// A player's open uploads in parts, newest first; expired ones excluded.
    pub async fn part_uploads_of(&self, owner: PlayerId) -> Result<Vec<PartUpload>, StoreError> {
        let rows = self
            .open_uploads(owner)
            .select_also(videos::Entity)
            .order_by_desc(part_uploads::Column::VideoId)
            .all(self.db.reader())
            .await?;
        let with_video = rows.into_iter().filter_map(|(parts, video)| Some((parts, video?)));
        with_video.map(|(parts, video)| PartUpload::of(parts, &video)).collect()
    }

    /// What storage calls the upload in parts of this video, whatever has
    /// become of the video; `None` when nothing of it can be left there.
    pub async fn staged_parts(&self, id: VideoId) -> Result<Option<String>, StoreError> {
        let parts = part_uploads::Entity::find_by_id(id.0).one(self.db.reader()).await?;
        Ok(parts.and_then(|parts| parts.token))
    }

    fn open_uploads(&self, owner: PlayerId) -> Select<part_uploads::Entity> {
        part_uploads::Entity::find()
            .inner_join(videos::Entity)
            .filter(videos::Column::OwnerId.eq(owner.0))
            .filter(videos::Column::Status.eq(VideoStatus::Uploading.as_str()))
            .filter(videos::Column::UploadExpiresAt.gt(self.now()))
    }
}

/// Forgets the parts of a video: they have become an object, or are gone.
pub(crate) async fn forget_parts(db: &impl ConnectionTrait, id: VideoId) -> Result<(), StoreError> {
    part_uploads::Entity::delete_by_id(id.0).exec(db).await?;
    Ok(())
}

impl PartUpload {
    fn of(parts: part_uploads::Model, video: &videos::Model) -> Result<Self, StoreError> {
        let size = |column, size: i64| count("part_uploads", column, size);
        let never = || corrupt("videos", "upload_expires_at", "nothing");
        Ok(Self {
            video: VideoId(video.id),
            owner: PlayerId(video.owner_id),
            category: video.category.clone(),
            title: video.title.parse().map_err(|_| corrupt("videos", "title", &video.title))?,
            size_bytes: size("size_bytes", parts.size_bytes)?,
            part_size_bytes: size("part_size_bytes", parts.part_size_bytes)?,
            token: parts.token,
            expires_at: video.upload_expires_at.ok_or_else(never)?,
        })
    }
}
