//! What can be done with a receiver of events.

use anb_store::{Endpoint, EndpointId};
use askama::Template;
use axum::{
    extract::State,
    response::{Redirect, Response},
};
use uuid::Uuid;

use super::address;
use crate::{
    actor::By,
    frame::{Frame, page},
    in_path::InPath,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

#[derive(Template)]
#[template(path = "webhooks/delete.html")]
struct DeletePage {
    frame: Frame,
    endpoint: Endpoint,
    back: String,
}

pub async fn confirm_deletion(
    State(app): State<AppState>,
    frame: Frame,
    InPath(id): InPath<Uuid>,
) -> Result<Response, Refusal> {
    let id = EndpointId(id);
    let found = app.operations.store.endpoint(id).await.map_err(Refusal::internal)?;
    let endpoint = found.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let template = DeletePage { frame, endpoint, back: address(id) };
    page(&template.frame, &template)
}

pub async fn delete(
    State(app): State<AppState>,
    By(actor): By,
    InPath(id): InPath<Uuid>,
) -> Result<Redirect, Refusal> {
    let deleted = app.operations.store.delete_endpoint(EndpointId(id), &actor).await;
    if deleted.map_err(Refusal::internal)? {
        Ok(Notice::WEBHOOK_DELETED.at("/console/webhooks"))
    } else {
        Err(Refusal::new(Reason::NotFound))
    }
}

pub async fn renew_secret(
    State(app): State<AppState>,
    By(actor): By,
    InPath(id): InPath<Uuid>,
) -> Result<Redirect, Refusal> {
    let id = EndpointId(id);
    match app.operations.store.renew_secret(id, &actor).await.map_err(Refusal::internal)? {
        Some(_) => Ok(Notice::WEBHOOK_SECRET_RENEWED.at(&address(id))),
        None => Err(Refusal::new(Reason::NotFound)),
    }
}

pub async fn send_test(
    State(app): State<AppState>,
    By(actor): By,
    InPath(id): InPath<Uuid>,
) -> Result<Redirect, Refusal> {
    let id = EndpointId(id);
    match app.operations.store.announce_ping(id, &actor).await.map_err(Refusal::internal)? {
        Some(delivery) => {
            Ok(Notice::WEBHOOK_TESTED.at(&format!("{}/deliveries/{delivery}", address(id))))
        }
        None => Err(Refusal::new(Reason::NotFound)),
    }
}
