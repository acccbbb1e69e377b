//! What is to be sent, and what came of it.

use std::time::Duration;

use anb_domain::{Action, EventKind, PlayerId};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationTrait as _,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType},
};
use serde_json::json;
use uuid::Uuid;

use super::{DeliveryState, EndpointId, endpoints::deed};
use crate::{
    Store, StoreError, after,
    audit::Actor,
    entity::{webhook_deliveries, webhook_endpoints, webhook_events, webhook_sends},
    like,
    row::{count, name},
    step::changed,
};

/// An event to be sent to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: Uuid,
    pub endpoint: EndpointId,
    pub event: Uuid,
    pub kind: EventKind,
    pub payload: String,
    /// How often it was sent before.
    pub sends: u32,
}

/// One send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Send {
    pub took: Duration,
    /// Of the answer, if there was one.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
    /// How it begins.
    pub answer: Option<String>,
}

/// What follows from a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Delivered,
    Again {
        after: Duration,
    },
    GivenUp,
    /// The receiver wants no more of them.
    Unwanted,
}

impl Store {
    /// The endpoints for which something is due.
    pub async fn endpoints_with_deliveries_due(&self) -> Result<Vec<EndpointId>, StoreError> {
        let endpoints: Vec<Uuid> = webhook_deliveries::Entity::find()
            .select_only()
            .column(webhook_deliveries::Column::EndpointId)
            .distinct()
            .join(JoinType::InnerJoin, webhook_deliveries::Relation::Endpoint.def())
            .filter(is_due(self.now()))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        Ok(endpoints.into_iter().map(EndpointId).collect())
    }

    /// Takes up to `limit` deliveries to an endpoint for `lease`: no other
    /// process gets them meanwhile.
    pub async fn take_deliveries(
        &self,
        endpoint: EndpointId,
        limit: u64,
        lease: Duration,
    ) -> Result<Vec<Delivery>, StoreError> {
        let now = self.now();
        let txn = self.db.begin().await?;
        // What somebody else is just taking is passed over.
        let taken = webhook_deliveries::Entity::find()
            .filter(webhook_deliveries::Column::EndpointId.eq(endpoint.0))
            .filter(webhook_deliveries::Column::State.eq(DeliveryState::Waiting.as_str()))
            .filter(webhook_deliveries::Column::DueAt.lte(now))
            .order_by_asc(webhook_deliveries::Column::DueAt)
            .order_by_asc(webhook_deliveries::Column::Id)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&txn)
            .await?;
        let ids: Vec<_> = taken.iter().map(|delivery| delivery.id).collect();
        webhook_deliveries::Entity::update_many()
            .col_expr(webhook_deliveries::Column::DueAt, Expr::value(after(now, lease)))
            .filter(webhook_deliveries::Column::Id.is_in(ids.clone()))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        let found = webhook_deliveries::Entity::find()
            .find_also_related(webhook_events::Entity)
            .filter(webhook_deliveries::Column::Id.is_in(ids))
            .order_by_asc(webhook_deliveries::Column::Id)
            .all(self.db.reader())
            .await?;
        found
            .into_iter()
            .filter_map(|(delivery, event)| Some((delivery, event?)))
            .map(Delivery::try_from)
            .collect()
    }

    /// Notes a send and what follows from it; nothing, when somebody else has
    /// sent it meanwhile. What goes to the log is cut to what it can keep.
    pub async fn note_send(
        &self,
        delivery: &Delivery,
        send: &Send,
        then: Sent,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let no = i32::try_from(delivery.sends).unwrap_or(i32::MAX - 1);
        let (state, due_at) = match then {
            Sent::Delivered => (DeliveryState::Delivered, now),
            Sent::Again { after: pause } => (DeliveryState::Waiting, after(now, pause)),
            Sent::GivenUp | Sent::Unwanted => (DeliveryState::GivenUp, now),
        };
        let update = webhook_deliveries::Entity::update_many()
            .set(webhook_deliveries::ActiveModel {
                state: Set(state.as_str().into()),
                sends: Set(no + 1),
                due_at: Set(due_at),
                finished_at: Set((state != DeliveryState::Waiting).then_some(now)),
                ..Default::default()
            })
            .filter(webhook_deliveries::Column::Id.eq(delivery.id))
            .filter(webhook_deliveries::Column::Sends.eq(no));
        let txn = self.db.begin().await?;
        if !changed(update, &txn).await? {
            return Ok(());
        }
        webhook_sends::Entity::insert(webhook_sends::ActiveModel {
            id: Set(self.ids.sortable()),
            delivery_id: Set(delivery.id),
            no: Set(no + 1),
            at: Set(now),
            took_ms: Set(i64::try_from(send.took.as_millis()).unwrap_or(i64::MAX)),
            status: Set(send.status.map(Into::into)),
            error: Set(send.error.as_deref().map(without_nul)),
            answer: Set(send.answer.as_deref().map(without_nul)),
        })
        .exec_without_returning(&txn)
        .await?;
        if then == Sent::Unwanted {
            self.switch_off(&txn, delivery.endpoint).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Leaves an endpoint alone whose owner wants no more events.
    async fn switch_off(
        &self,
        txn: &DatabaseTransaction,
        endpoint: EndpointId,
    ) -> Result<(), StoreError> {
        let update = webhook_endpoints::Entity::update_many()
            .col_expr(webhook_endpoints::Column::Active, Expr::value(false))
            .filter(webhook_endpoints::Column::Id.eq(endpoint.0))
            .filter(webhook_endpoints::Column::Active.eq(true));
        // Of several events that are refused at once, one does it.
        if !changed(update, txn).await? {
            return Ok(());
        }
        let active = |active: bool| Some(json!({ "active": active }));
        let deed = deed(Action::WEBHOOK_SWITCHED_OFF, endpoint.0, active(true), active(false));
        self.note(txn, &Actor::system(), deed.because("410 Gone")).await
    }

    /// Forgets events of before `before`, with their deliveries. That a contest
    /// has closed is never forgotten, or it would be announced again.
    pub async fn forget_events(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let forgotten = webhook_events::Entity::delete_many()
            .filter(webhook_events::Column::CreatedAt.lt(before))
            .filter(webhook_events::Column::Kind.ne(EventKind::ContestClosed.as_str()))
            .exec(self.db.writer())
            .await?;
        Ok(forgotten.rows_affected)
    }
}

/// What was announced of somebody's videos goes with them: it tells the titles
/// they gave. Nobody is told any more what has not been sent yet.
pub(crate) async fn forget_owner(
    txn: &DatabaseTransaction,
    owner: PlayerId,
) -> Result<(), StoreError> {
    let theirs = format!("\"player_id\":\"{owner}\"");
    webhook_events::Entity::delete_many()
        .filter(Expr::col(webhook_events::Column::Payload).like(like::containing(&theirs)))
        .exec(txn)
        .await?;
    Ok(())
}

/// Of an endpoint that is joined, and active.
fn is_due(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(webhook_deliveries::Column::State.eq(DeliveryState::Waiting.as_str()))
        .add(webhook_deliveries::Column::DueAt.lte(now))
        .add(Expr::col((webhook_endpoints::Entity, webhook_endpoints::Column::Active)).eq(true))
}

/// PostgreSQL keeps no NUL in any text.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl TryFrom<(webhook_deliveries::Model, webhook_events::Model)> for Delivery {
    type Error = StoreError;

    fn try_from(
        (delivery, event): (webhook_deliveries::Model, webhook_events::Model),
    ) -> Result<Self, StoreError> {
        Ok(Self {
            id: delivery.id,
            endpoint: EndpointId(delivery.endpoint_id),
            event: event.id,
            kind: name("webhook_events", "kind", &event.kind)?,
            payload: event.payload,
            sends: count("webhook_deliveries", "sends", delivery.sends)?,
        })
    }
}
