//! What has reached an endpoint, and what has not.

use std::{fmt, str::FromStr, time::Duration};

use anb_domain::{Action, EventKind};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{EndpointId, Send, endpoints::deed};
use crate::{
    Page, Store, StoreError,
    audit::Actor,
    entity::{webhook_deliveries, webhook_events, webhook_sends},
    row::{count, name, within_i64},
    step::changed,
};

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    Waiting,
    Delivered,
    GivenUp,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::GivenUp];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeliveryState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// A delivery as the log shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedDelivery {
    pub id: Uuid,
    pub endpoint: EndpointId,
    pub event: Uuid,
    pub kind: EventKind,
    pub payload: String,
    pub state: DeliveryState,
    /// When it is sent next, while it waits.
    pub due_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// Oldest first, each with its moment.
    pub sends: Vec<(DateTime<Utc>, Send)>,
}

impl Store {
    /// The deliveries to an endpoint, the latest first.
    pub async fn deliveries(
        &self,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        limit: u64,
        skipped: u64,
    ) -> Result<Page<LoggedDelivery>, StoreError> {
        let mut wanted = webhook_deliveries::Entity::find()
            .filter(webhook_deliveries::Column::EndpointId.eq(endpoint.0));
        if let Some(state) = state {
            wanted = wanted.filter(webhook_deliveries::Column::State.eq(state.as_str()));
        }
        let total = wanted.clone().count(self.db.reader()).await?;
        let rows = wanted
            .find_also_related(webhook_events::Entity)
            .order_by_desc(webhook_deliveries::Column::Id)
            .limit(limit)
            .offset(within_i64(skipped))
            .all(self.db.reader())
            .await?;
        Ok(Page { items: self.with_sends(rows).await?, total })
    }

    /// One delivery. `None`: there is none, or not to this endpoint.
    pub async fn delivery(
        &self,
        endpoint: EndpointId,
        id: Uuid,
    ) -> Result<Option<LoggedDelivery>, StoreError> {
        let rows = webhook_deliveries::Entity::find_by_id(id)
            .filter(webhook_deliveries::Column::EndpointId.eq(endpoint.0))
            .find_also_related(webhook_events::Entity)
            .all(self.db.reader())
            .await?;
        Ok(self.with_sends(rows).await?.pop())
    }

    /// Has a delivery sent once more, whatever has become of it. `false`: there
    /// is none, or not to this endpoint.
    pub async fn send_delivery_again(
        &self,
        endpoint: EndpointId,
        id: Uuid,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let update = webhook_deliveries::Entity::update_many()
            .set(webhook_deliveries::ActiveModel {
                state: Set(DeliveryState::Waiting.as_str().into()),
                due_at: Set(self.now()),
                finished_at: Set(None),
                ..Default::default()
            })
            .filter(webhook_deliveries::Column::Id.eq(id))
            .filter(webhook_deliveries::Column::EndpointId.eq(endpoint.0));
        if !changed(update, &txn).await? {
            return Ok(false);
        }
        let after = serde_json::json!({ "delivery": id });
        let deed = deed(Action::WEBHOOK_REDELIVERED, endpoint.0, None, Some(after));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(true)
    }

    async fn with_sends(
        &self,
        rows: Vec<(webhook_deliveries::Model, Option<webhook_events::Model>)>,
    ) -> Result<Vec<LoggedDelivery>, StoreError> {
        let ids = rows.iter().map(|(delivery, _)| delivery.id);
        let sends = webhook_sends::Entity::find()
            .filter(webhook_sends::Column::DeliveryId.is_in(ids))
            .order_by_asc(webhook_sends::Column::No)
            .all(self.db.reader())
            .await?;
        rows.into_iter()
            .filter_map(|(delivery, event)| Some((delivery, event?)))
            .map(|(delivery, event)| logged(&delivery, event, &sends))
            .collect()
    }
}

fn logged(
    delivery: &webhook_deliveries::Model,
    event: webhook_events::Model,
    sends: &[webhook_sends::Model],
) -> Result<LoggedDelivery, StoreError> {
    let sends = sends.iter().filter(|send| send.delivery_id == delivery.id);
    Ok(LoggedDelivery {
        id: delivery.id,
        endpoint: EndpointId(delivery.endpoint_id),
        event: event.id,
        kind: name("webhook_events", "kind", &event.kind)?,
        payload: event.payload,
        state: name("webhook_deliveries", "state", &delivery.state)?,
        due_at: delivery.due_at,
        created_at: delivery.created_at,
        sends: sends.map(read).collect::<Result<_, _>>()?,
    })
}

fn read(send: &webhook_sends::Model) -> Result<(DateTime<Utc>, Send), StoreError> {
    let table = "webhook_sends";
    let took = Duration::from_millis(count(table, "took_ms", send.took_ms)?);
    let status = send.status.map(|status| count(table, "status", status)).transpose()?;
    let (error, answer) = (send.error.clone(), send.answer.clone());
    Ok((send.at, Send { took, status, error, answer }))
}
