//! `/console/webhooks`: which other systems are told of what, and what has
//! reached them.

mod deed;
mod delivery;
mod endpoint;
mod form;
mod list;

use anb_store::{DeliveryState, EndpointId};

use crate::{Application, Routes};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/webhooks", list::list)
        .post("/console/webhooks", form::create)
        .get("/console/webhooks/new", form::new)
        .get("/console/webhooks/{id}", endpoint::show)
        .post("/console/webhooks/{id}", form::change)
        .get("/console/webhooks/{id}/delete", deed::confirm_deletion)
        .post("/console/webhooks/{id}/delete", deed::delete)
        .post("/console/webhooks/{id}/secret", deed::renew_secret)
        .post("/console/webhooks/{id}/test", deed::send_test)
        .get("/console/webhooks/{id}/deliveries/{delivery}", delivery::show)
        .post("/console/webhooks/{id}/deliveries/{delivery}/again", delivery::send_again)
}

/// Where the page of an endpoint lies.
fn address(id: EndpointId) -> String {
    format!("/console/webhooks/{}", id.0)
}

/// The message that names a state.
fn state_id(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "webhooks-waiting",
        DeliveryState::Delivered => "webhooks-delivered",
        DeliveryState::GivenUp => "webhooks-given-up",
    }
}

/// How the style sheet knows a state.
fn state_class(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "pending",
        DeliveryState::Delivered => "completed",
        DeliveryState::GivenUp => "failed",
    }
}
