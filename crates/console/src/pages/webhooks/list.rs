//! `/console/webhooks`: every receiver of events, and what waits for it.

use anb_store::{DeliveryState, Endpoint};
use askama::Template;
use axum::{extract::State, response::Response};

use super::address;
use crate::{
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
};

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    endpoint: Endpoint,
    link: String,
    waiting: u64,
    given_up: u64,
}

pub async fn list(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let store = &app.operations.store;
    let mut rows = Vec::new();
    for endpoint in store.endpoints().await.map_err(Refusal::internal)? {
        let count = |state| store.deliveries(endpoint.id, Some(state), 0, 0);
        let waiting = count(DeliveryState::Waiting).await.map_err(Refusal::internal)?.total;
        let given_up = count(DeliveryState::GivenUp).await.map_err(Refusal::internal)?.total;
        rows.push(Row { link: address(endpoint.id), endpoint, waiting, given_up });
    }
    let template = ListPage { frame, rows };
    page(&template.frame, &template)
}
