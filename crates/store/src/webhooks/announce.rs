//! What has happened, and whom it concerns.

use anb_domain::{Action, EventKind, VideoId};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, TryInsertResult,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{DeliveryState, Endpoint, EndpointId, endpoints::deed};
use crate::{
    Store, StoreError,
    audit::Actor,
    entity::{videos, webhook_deliveries, webhook_endpoints, webhook_events},
    row::to_json,
};

/// What receivers read, in the form that
/// [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure)
/// recommends.
#[derive(Serialize)]
struct Payload<T> {
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: DateTime<Utc>,
    data: T,
}

impl Store {
    /// Announces what has just become of a video, in the transaction in which
    /// it does.
    pub(crate) async fn announce_video(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        let wanted = wanting(txn, kind).await?;
        if wanted.is_empty() {
            return Ok(());
        }
        let Some(row) = videos::Entity::find_by_id(video.0).one(txn).await? else { return Ok(()) };
        let data = json!({
            "video_id": row.id,
            "player_id": row.owner_id,
            "title": row.title,
            "status": row.status,
            "attempt": row.attempt,
            "uploaded_at": row.uploaded_at,
            "processed_at": row.processed_at,
            "duration_s": row.duration_s,
            "failure": row.failure,
        });
        let event = self.ids.sortable();
        self.announce(txn, event, kind, event.to_string(), &data).await?;
        self.address(txn, event, wanted).await
    }

    /// Announces that voting has closed, once for each moment at which it does.
    /// Who asked to be told only after that is not told. `false`: it has been
    /// announced before.
    pub async fn announce_closing(
        &self,
        showcase: &str,
        closed_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let kind = EventKind::ContestClosed;
        let key = format!("{kind}:{}", closed_at.timestamp_micros());
        let known = webhook_events::Entity::find().filter(webhook_events::Column::Key.eq(&key));
        if known.one(self.db.reader()).await?.is_some() {
            return Ok(false);
        }
        let txn = self.db.begin().await?;
        let event = self.ids.sortable();
        let data = json!({ "showcase": showcase, "closed_at": closed_at });
        if !self.announce(&txn, event, kind, key, &data).await? {
            return Ok(false);
        }
        let mut wanted = wanting(&txn, kind).await?;
        wanted.retain(|endpoint| endpoint.created_at <= closed_at);
        self.address(&txn, event, wanted).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Sends one endpoint an event that says nothing but that it can be sent.
    /// Returns its delivery; `None` when there is no such endpoint.
    pub async fn announce_ping(
        &self,
        to: EndpointId,
        actor: &Actor,
    ) -> Result<Option<Uuid>, StoreError> {
        let txn = self.db.begin().await?;
        let Some(endpoint) = webhook_endpoints::Entity::find_by_id(to.0).one(&txn).await? else {
            return Ok(None);
        };
        let event = self.ids.sortable();
        let data = json!({ "endpoint_id": to.0 });
        self.announce(&txn, event, EventKind::Ping, event.to_string(), &data).await?;
        self.address(&txn, event, vec![Endpoint::try_from(endpoint)?]).await?;
        let delivery = webhook_deliveries::Entity::find()
            .filter(webhook_deliveries::Column::EventId.eq(event))
            .one(&txn)
            .await?
            .map(|delivery| delivery.id);
        let deed = deed(Action::WEBHOOK_TESTED, to.0, None, Some(json!({ "delivery": delivery })));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(delivery)
    }

    /// Writes an event down. `false`: what has this key has been before.
    async fn announce(
        &self,
        txn: &DatabaseTransaction,
        id: Uuid,
        kind: EventKind,
        key: String,
        data: &impl Serialize,
    ) -> Result<bool, StoreError> {
        let timestamp = self.now();
        let event = webhook_events::ActiveModel {
            id: Set(id),
            kind: Set(kind.as_str().into()),
            key: Set(key),
            payload: Set(to_json(&Payload { kind, timestamp, data })?.to_string()),
            created_at: Set(timestamp),
        };
        let inserted = webhook_events::Entity::insert(event)
            .on_conflict_do_nothing_on([webhook_events::Column::Key])
            .exec_without_returning(txn)
            .await?;
        Ok(matches!(inserted, TryInsertResult::Inserted(1)))
    }

    /// Leaves an event for these endpoints to be sent.
    async fn address(
        &self,
        txn: &DatabaseTransaction,
        event: Uuid,
        to: Vec<Endpoint>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let deliveries = to.into_iter().map(|endpoint| webhook_deliveries::ActiveModel {
            id: Set(self.ids.sortable()),
            endpoint_id: Set(endpoint.id.0),
            event_id: Set(event),
            state: Set(DeliveryState::Waiting.as_str().into()),
            sends: Set(0),
            due_at: Set(now),
            created_at: Set(now),
            finished_at: Set(None),
        });
        for delivery in deliveries {
            webhook_deliveries::Entity::insert(delivery).exec_without_returning(txn).await?;
        }
        Ok(())
    }
}

/// The endpoints that are to be told of such events.
async fn wanting(db: &impl ConnectionTrait, kind: EventKind) -> Result<Vec<Endpoint>, StoreError> {
    let active = webhook_endpoints::Entity::find()
        .filter(webhook_endpoints::Column::Active.eq(true))
        .all(db)
        .await?;
    let endpoints: Vec<_> = active.into_iter().map(Endpoint::try_from).collect::<Result<_, _>>()?;
    Ok(endpoints.into_iter().filter(|endpoint| endpoint.events.contains(&kind)).collect())
}
