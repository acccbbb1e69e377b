//! One event on its way to a receiver: what was sent, and what was answered.

use anb_store::{DeliveryState, EndpointId, LoggedDelivery};
use askama::Template;
use axum::{
    extract::State,
    response::{Redirect, Response},
};
use uuid::Uuid;

use super::{address, state_class, state_id};
use crate::{
    actor::By,
    frame::{Frame, page},
    in_path::InPath,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

#[derive(Template)]
#[template(path = "webhooks/delivery.html")]
struct DeliveryPage {
    frame: Frame,
    delivery: LoggedDelivery,
    /// As it was sent, but easier to read.
    payload: String,
    /// The page of the endpoint.
    endpoint: String,
    waits: bool,
    state: &'static str,
    class: &'static str,
}

impl DeliveryPage {
    fn action(&self) -> String {
        format!("{}/deliveries/{}/again", self.endpoint, self.delivery.id)
    }
}

pub async fn show(
    State(app): State<AppState>,
    frame: Frame,
    InPath((id, delivery)): InPath<(Uuid, Uuid)>,
) -> Result<Response, Refusal> {
    let id = EndpointId(id);
    let found = app.operations.store.delivery(id, delivery).await.map_err(Refusal::internal)?;
    let delivery = found.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let template = DeliveryPage {
        payload: indented(&delivery.payload),
        endpoint: address(id),
        waits: delivery.state == DeliveryState::Waiting,
        state: state_id(delivery.state),
        class: state_class(delivery.state),
        delivery,
        frame,
    };
    page(&template.frame, &template)
}

pub async fn send_again(
    State(app): State<AppState>,
    By(actor): By,
    InPath((id, delivery)): InPath<(Uuid, Uuid)>,
) -> Result<Redirect, Refusal> {
    let id = EndpointId(id);
    let sent = app.operations.store.send_delivery_again(id, delivery, &actor).await;
    if sent.map_err(Refusal::internal)? {
        let page = format!("{}/deliveries/{delivery}", address(id));
        Ok(Notice::WEBHOOK_REDELIVERED.at(&page))
    } else {
        Err(Refusal::new(Reason::NotFound))
    }
}

fn indented(payload: &str) -> String {
    serde_json::from_str::<serde_json::Value>(payload)
        .and_then(|payload| serde_json::to_string_pretty(&payload))
        .unwrap_or_else(|_| payload.to_owned())
}
