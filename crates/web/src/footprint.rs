//! Where votes and sign-ups come from, as far as it is kept for their review:
//! keyed hashes of the client's network and of what its browser says of itself.

use std::convert::Infallible;

use anb_auth::Pseudonyms;
use anb_domain::vote_review::Footprint;
use anb_http::{RequestContext, client};
use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use secrecy::SecretString;

use crate::state::AppState;

/// Makes footprints.
pub struct Footprints {
    networks: Pseudonyms,
    devices: Pseudonyms,
}

impl Footprints {
    #[must_use]
    pub fn new(secret_key: &SecretString) -> Self {
        let pseudonyms = |purpose| Pseudonyms::new(secret_key, purpose);
        Self { networks: pseudonyms("networks"), devices: pseudonyms("devices") }
    }

    fn of(&self, context: &RequestContext, headers: &HeaderMap) -> Footprint {
        let said = |name| headers.get(name).map_or(&b""[..], |value| value.as_bytes());
        let (agent, languages) = (said(header::USER_AGENT), said(header::ACCEPT_LANGUAGE));
        // What says nothing of itself is no kind of device.
        let device =
            (!agent.is_empty()).then(|| self.devices.of([agent, b"\n", languages].concat()));
        let network = client::network(context.client).to_string();
        Footprint { network: Some(self.networks.of(network)), device }
    }
}

/// The footprint of a request.
pub struct SentFrom(pub Footprint);

impl FromRequestParts<AppState> for SentFrom {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let context = RequestContext::from_request_parts(parts, app).await?;
        Ok(Self(app.footprints.of(&context, &parts.headers)))
    }
}
