//! What has happened to a video, written in the transaction in which it
//! happens.

use anb_domain::{AttemptNo, Failure, Happening, VideoId};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, prelude::Json,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    entity::video_events,
    row::{attempt_no, count, json, name, to_json},
};

/// Something that has happened to a video.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoEvent {
    pub id: Uuid,
    pub video: VideoId,
    pub at: DateTime<Utc>,
    pub kind: Happening,
    pub attempt: Option<AttemptNo>,
    /// Who did it; `None`: a worker, or the upkeep.
    pub actor: Option<String>,
    pub detail: EventDetail,
}

/// What more there is to say about it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// In the words of whoever did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An event about to be written.
pub(crate) struct NewEvent<'a> {
    video: VideoId,
    kind: Happening,
    attempt: Option<AttemptNo>,
    actor: Option<&'a str>,
    detail: EventDetail,
}

impl<'a> NewEvent<'a> {
    pub(crate) fn new(video: VideoId, kind: Happening) -> Self {
        Self { video, kind, attempt: None, actor: None, detail: EventDetail::default() }
    }

    pub(crate) fn attempt(self, no: AttemptNo) -> Self {
        Self { attempt: Some(no), ..self }
    }

    pub(crate) fn by(self, actor: &'a str) -> Self {
        Self { actor: Some(actor), ..self }
    }

    pub(crate) fn worker(mut self, worker: &str) -> Self {
        self.detail.worker = Some(worker.to_owned());
        self
    }

    pub(crate) fn because(mut self, failure: Option<&Failure>) -> Self {
        self.detail.failure = failure.cloned();
        self
    }

    pub(crate) fn reason(mut self, reason: &str) -> Self {
        self.detail.reason = Some(reason.to_owned());
        self
    }
}

impl Store {
    /// Notes what the transaction does to a video.
    pub(crate) async fn tell(
        &self,
        txn: &DatabaseTransaction,
        event: NewEvent<'_>,
    ) -> Result<(), StoreError> {
        let detail = Some(&event.detail).filter(|detail| **detail != EventDetail::default());
        let row = video_events::ActiveModel {
            id: Set(self.ids.sortable()),
            video_id: Set(event.video.0),
            at: Set(self.now()),
            kind: Set(event.kind.as_str().to_owned()),
            attempt: Set(event.attempt.map(attempt_no)),
            actor: Set(event.actor.map(str::to_owned)),
            detail: Set(detail.map(to_json).transpose()?),
        };
        video_events::Entity::insert(row).exec_without_returning(txn).await?;
        Ok(())
    }

    /// All that has happened to a video, first to last. Videos from before
    /// events were written have none of that time.
    pub async fn history(&self, video: VideoId) -> Result<Vec<VideoEvent>, StoreError> {
        let rows = video_events::Entity::find()
            .filter(video_events::Column::VideoId.eq(video.0))
            .order_by_asc(video_events::Column::At)
            .order_by_asc(video_events::Column::Id)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(VideoEvent::try_from).collect()
    }
}

impl TryFrom<video_events::Model> for VideoEvent {
    type Error = StoreError;

    fn try_from(row: video_events::Model) -> Result<Self, StoreError> {
        let attempt = row.attempt.map(|no| count("video_events", "attempt", no)).transpose()?;
        let detail = row.detail.map(|value: Json| json("video_events", "detail", value));
        Ok(Self {
            id: row.id,
            video: VideoId(row.video_id),
            at: row.at,
            kind: name("video_events", "kind", &row.kind)?,
            attempt: attempt.map(AttemptNo),
            actor: row.actor,
            detail: detail.transpose()?.unwrap_or_default(),
        })
    }
}
