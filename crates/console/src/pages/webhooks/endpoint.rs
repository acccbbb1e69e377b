//! `/console/webhooks/{id}`: a receiver of events.

use anb_store::{DeliveryState, Endpoint, EndpointId, LoggedDelivery};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{address, form::EndpointForm, state_class, state_id};
use crate::{
    frame::{Frame, page},
    in_path::InPath,
    paging::{Pager, Paging},
    refusal::{Reason, Refusal},
    state::AppState,
};

const PER_PAGE: u64 = 25;

#[derive(Deserialize)]
pub struct Wanted {
    state: Option<String>,
    page: Option<u64>,
}

#[derive(Template)]
#[template(path = "webhooks/endpoint.html")]
struct EndpointPage {
    frame: Frame,
    id: EndpointId,
    endpoint: Endpoint,
    /// The secret in force.
    secret: String,
    form: EndpointForm,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    delivery: LoggedDelivery,
    link: String,
    state: &'static str,
    class: &'static str,
}

impl Row {
    fn of(delivery: LoggedDelivery) -> Self {
        let link = format!("{}/deliveries/{}", address(delivery.endpoint), delivery.id);
        let (state, class) = (state_id(delivery.state), state_class(delivery.state));
        Self { delivery, link, state, class }
    }
}

/// The deliveries in one state, or all.
struct Tab {
    /// The message that is its name.
    id: &'static str,
    link: String,
    current: bool,
}

impl EndpointPage {
    fn action(&self) -> String {
        address(self.id)
    }
}

pub async fn show(
    State(app): State<AppState>,
    frame: Frame,
    InPath(id): InPath<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let (store, id) = (&app.operations.store, EndpointId(id));
    let endpoint = store.endpoint(id).await.map_err(Refusal::internal)?;
    let endpoint = endpoint.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let state = wanted.state.as_deref().and_then(|state| state.parse().ok());
    let paging = Paging::new(wanted.page, PER_PAGE);
    let found = store.deliveries(id, state, paging.length, paging.skipped()).await;
    let found = found.map_err(Refusal::internal)?;
    let template = EndpointPage {
        secret: app.webhooks.secrets.of(id, endpoint.secret_no).expose_secret().to_owned(),
        form: EndpointForm::from(&endpoint),
        tabs: tabs(id, state),
        pager: paging.pager(found.items.len(), found.total, |page| log_at(id, state, page)),
        rows: found.items.into_iter().map(Row::of).collect(),
        id,
        endpoint,
        frame,
    };
    page(&template.frame, &template)
}

fn tabs(endpoint: EndpointId, current: Option<DeliveryState>) -> Vec<Tab> {
    let states = std::iter::once(None).chain(DeliveryState::ALL.map(Some));
    let tab = |state: Option<DeliveryState>| Tab {
        id: state.map_or("webhooks-all", state_id),
        link: log_at(endpoint, state, 1),
        current: state == current,
    };
    states.map(tab).collect()
}

fn log_at(endpoint: EndpointId, state: Option<DeliveryState>, page: u64) -> String {
    let state = state.map(|state| format!("state={state}&")).unwrap_or_default();
    format!("{}?{state}page={page}#log", address(endpoint))
}
