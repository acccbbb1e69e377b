//! Who does something, and from where, for the audit log.

use anb_http::RequestContext;
use anb_store::Actor;
use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, header, request::Parts};

use crate::{session::Operator, state::AppState};

/// Longest part of what a browser says it is that is kept.
const MAX_AGENT: usize = 300;

/// Extracts who acts: `By(actor)`.
#[derive(Debug, Clone)]
pub struct By(pub Actor);

impl FromRequestParts<AppState> for By {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let operator = Operator::from_request_parts(parts, app).await;
        let operator = operator.map_err(axum::response::IntoResponse::into_response)?;
        let Ok(context) = RequestContext::from_request_parts(parts, app).await;
        Ok(Self(actor(&operator, &context, &parts.headers)))
    }
}

/// Somebody, at the other end of a request.
#[must_use]
pub fn actor(operator: &Operator, context: &RequestContext, headers: &HeaderMap) -> Actor {
    Actor {
        id: Some(operator.id),
        name: operator.name.clone(),
        role: operator.role.to_string(),
        address: Some(context.client.to_string()),
        agent: agent(headers),
        request_id: Some(context.id),
    }
}

/// What the browser says it is.
#[must_use]
pub fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(MAX_AGENT).collect())
}
