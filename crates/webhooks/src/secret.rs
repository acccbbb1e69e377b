//! The secrets with which events are signed. They are kept nowhere: each is
//! derived from `SECRET_KEY`, the endpoint and a number, so that whoever reads
//! the database learns none of them.

use anb_store::{Endpoint, EndpointId};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::SECRET_OVERLAP;

/// How Standard Webhooks marks a secret, so that it is recognised when it
/// turns up where it does not belong.
const PREFIX: &str = "whsec_";

/// Bytes of a secret: the specification asks for 24 to 64.
const LENGTH: usize = 32;

/// Derives the secrets of all endpoints.
pub struct Secrets(Hkdf<Sha256>);

impl Secrets {
    #[must_use]
    pub fn new(secret_key: &SecretString) -> Self {
        Self(Hkdf::new(Some(b"anb-webhooks"), secret_key.expose_secret().as_bytes()))
    }

    /// The secret of an endpoint that has this number, as its owner gets it.
    #[must_use]
    pub fn of(&self, endpoint: EndpointId, number: u32) -> SecretString {
        let mut secret = [0; LENGTH];
        let number = number.to_be_bytes();
        self.0
            .expand_multi_info(&[endpoint.0.as_bytes(), &number], &mut secret)
            .expect("32 bytes are fewer than HKDF can give");
        format!("{PREFIX}{}", BASE64_STANDARD.encode(secret)).into()
    }

    /// Those that are to sign an event now, the newest first.
    pub(crate) fn in_force(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Vec<SecretString> {
        let overlap = TimeDelta::from_std(SECRET_OVERLAP).unwrap_or_default();
        let renewed = endpoint.secret_since.is_some_and(|since| now < since + overlap);
        let before = renewed.then(|| endpoint.secret_no.saturating_sub(1));
        std::iter::once(endpoint.secret_no)
            .chain(before.filter(|number| *number > 0))
            .map(|number| self.of(endpoint.id, number))
            .collect()
    }
}
