//! What is known of a request before any handler sees it.

use std::{convert::Infallible, net::IpAddr};

use anb_domain::Language;
use axum::extract::FromRequestParts;
use http::request::Parts;
use uuid::Uuid;

use crate::client::ClientKey;

/// Made once per request by [`crate::context::establish`].
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Names the request in the log and in what the client is told, see
    /// [`crate::request_id`].
    pub id: Uuid,
    /// In which to answer.
    pub language: Language,
    /// Travels with the job that the request causes.
    pub traceparent: String,
    pub client: IpAddr,
}

impl RequestContext {
    #[must_use]
    pub fn client_key(&self) -> ClientKey {
        self.client.into()
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .expect("the context middleware wraps every route"))
    }
}
