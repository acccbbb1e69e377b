//! Who is told of events.

use anb_domain::{Action, EventKind, Subject};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, DatabaseTransaction, EntityTrait as _,
    QueryOrder as _, QuerySelect as _, prelude::Json,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    audit::{Actor, Deed},
    entity::webhook_endpoints,
    row::{corrupt, count, to_json},
};

/// An endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EndpointId(pub Uuid);

/// An endpoint as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEndpoint {
    pub url: String,
    pub description: String,
    pub events: Vec<EventKind>,
    /// Whether it is told at all. What happens while it is not stays untold.
    pub active: bool,
}

/// Somebody who is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub id: EndpointId,
    pub url: String,
    pub description: String,
    pub events: Vec<EventKind>,
    pub active: bool,
    /// Which of its secrets is in force: 1, 2, …
    pub secret_no: u32,
    /// When that one took the place of another.
    pub secret_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Every endpoint, the oldest first.
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        let rows = webhook_endpoints::Entity::find()
            .order_by_asc(webhook_endpoints::Column::Id)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(Endpoint::try_from).collect()
    }

    pub async fn endpoint(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        let row = webhook_endpoints::Entity::find_by_id(id.0).one(self.db.reader()).await?;
        row.map(Endpoint::try_from).transpose()
    }

    pub async fn create_endpoint(
        &self,
        new: NewEndpoint,
        actor: &Actor,
    ) -> Result<Endpoint, StoreError> {
        let id = self.ids.sortable();
        let txn = self.db.begin().await?;
        let row = webhook_endpoints::ActiveModel {
            id: Set(id),
            url: Set(new.url.clone()),
            description: Set(new.description.clone()),
            events: Set(to_json(&new.events)?),
            active: Set(new.active),
            secret_no: Set(1),
            secret_since: Set(None),
            created_at: Set(self.now()),
        };
        let row = row.insert(&txn).await?;
        let deed = deed(Action::WEBHOOK_CREATED, id, None, Some(new.facts()));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Endpoint::try_from(row)
    }

    /// `None`: there is no such endpoint.
    pub async fn change_endpoint(
        &self,
        id: EndpointId,
        new: NewEndpoint,
        actor: &Actor,
    ) -> Result<Option<Endpoint>, StoreError> {
        let txn = self.db.begin().await?;
        let Some(before) = locked(&txn, id).await? else { return Ok(None) };
        let row = webhook_endpoints::ActiveModel {
            id: Set(id.0),
            url: Set(new.url.clone()),
            description: Set(new.description.clone()),
            events: Set(to_json(&new.events)?),
            active: Set(new.active),
            ..Default::default()
        };
        let row = row.update(&txn).await?;
        let before = NewEndpoint::from(before).facts();
        let deed = deed(Action::WEBHOOK_CHANGED, id.0, Some(before), Some(new.facts()));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Endpoint::try_from(row).map(Some)
    }

    /// Puts another secret in force; for a while the one before is used as
    /// well. `None`: there is no such endpoint.
    pub async fn renew_secret(
        &self,
        id: EndpointId,
        actor: &Actor,
    ) -> Result<Option<Endpoint>, StoreError> {
        let txn = self.db.begin().await?;
        let Some(before) = locked(&txn, id).await? else { return Ok(None) };
        let number = before.secret_no.saturating_add(1);
        let row = webhook_endpoints::ActiveModel {
            id: Set(id.0),
            secret_no: Set(i32::try_from(number).unwrap_or(i32::MAX)),
            secret_since: Set(Some(self.now())),
            ..Default::default()
        };
        let row = row.update(&txn).await?;
        let secret = |number: u32| Some(json!({ "secret": number }));
        let deed = deed(Action::WEBHOOK_CHANGED, id.0, secret(before.secret_no), secret(number));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Endpoint::try_from(row).map(Some)
    }

    /// Removes an endpoint and what was to be sent to it. `false`: there is no
    /// such endpoint.
    pub async fn delete_endpoint(&self, id: EndpointId, actor: &Actor) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let Some(before) = locked(&txn, id).await? else { return Ok(false) };
        webhook_endpoints::Entity::delete_by_id(id.0).exec(&txn).await?;
        let before = NewEndpoint::from(before).facts();
        self.note(&txn, actor, deed(Action::WEBHOOK_DELETED, id.0, Some(before), None)).await?;
        txn.commit().await?;
        Ok(true)
    }
}

async fn locked(txn: &DatabaseTransaction, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
    let row = webhook_endpoints::Entity::find_by_id(id.0).lock_exclusive().one(txn).await?;
    row.map(Endpoint::try_from).transpose()
}

pub(super) fn deed(
    action: Action,
    endpoint: Uuid,
    before: Option<Json>,
    after: Option<Json>,
) -> Deed {
    Deed { action, subject: Subject::new("webhook", endpoint), before, after, reason: None }
}

impl NewEndpoint {
    /// For the audit log.
    fn facts(&self) -> Json {
        let Self { url, description, events, active } = self;
        json!({ "url": url, "description": description, "events": events, "active": active })
    }
}

impl From<Endpoint> for NewEndpoint {
    fn from(endpoint: Endpoint) -> Self {
        let Endpoint { url, description, events, active, .. } = endpoint;
        Self { url, description, events, active }
    }
}

impl TryFrom<webhook_endpoints::Model> for Endpoint {
    type Error = StoreError;

    fn try_from(row: webhook_endpoints::Model) -> Result<Self, StoreError> {
        let table = "webhook_endpoints";
        Ok(Self {
            id: EndpointId(row.id),
            events: serde_json::from_value(row.events)
                .map_err(|error| corrupt(table, "events", error))?,
            secret_no: count(table, "secret_no", row.secret_no)?,
            secret_since: row.secret_since,
            url: row.url,
            description: row.description,
            active: row.active,
            created_at: row.created_at,
        })
    }
}
