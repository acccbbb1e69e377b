//! One send: sign, POST, look at the answer.

use std::{error::Error as _, sync::Arc, time::Duration};

use anb_domain::webhook::pause_after;
use anb_store::{Delivery, Endpoint, Send, Sent};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, Response, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook, WebhookError,
};
use thiserror::Error;
use tokio::time::Instant;

use crate::{
    address::{self, AddressError, Reach},
    resolver::PublicOnly,
};

/// Bytes of an answer that are kept for the log.
const KEPT: usize = 1000;

/// Sends events.
pub struct Post {
    client: Client,
    reach: Reach,
}

/// Why there was no answer.
#[derive(Debug, Error)]
enum NoAnswer {
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("the event cannot be signed: {0}")]
    Signature(#[from] WebhookError),
    #[error("{}", roots(.0))]
    Http(#[from] reqwest::Error),
}

impl Post {
    /// `timeout` bounds each send, the answer included.
    ///
    /// # Errors
    /// When no authorities can be found that vouch for receivers.
    pub fn new(reach: Reach, timeout: Duration) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("ANB-Video/", env!("CARGO_PKG_VERSION")))
            .timeout(timeout)
            // An answer that leads elsewhere would lead past all checks.
            .redirect(redirect::Policy::none())
            // So would a proxy of the environment.
            .no_proxy();
        let client = match reach {
            Reach::Public => client.https_only(true).dns_resolver(Arc::new(PublicOnly)),
            Reach::Anywhere => client,
        };
        Ok(Self { client: client.build()?, reach })
    }

    /// Sends an event, signed with each of these secrets.
    pub async fn send(
        &self,
        delivery: &Delivery,
        endpoint: &Endpoint,
        secrets: &[SecretString],
        now: DateTime<Utc>,
    ) -> (Send, Sent) {
        let began = Instant::now();
        let answered = self.request(delivery, endpoint, secrets, now).await;
        let mut send = Send::default();
        let then = match answered {
            Err(error) => {
                send.error = Some(error.to_string());
                after_failure(delivery, None)
            }
            Ok(response) => {
                let (status, patience) = (response.status(), patience(response.headers(), now));
                send.status = Some(status.as_u16());
                send.answer = Some(beginning(response).await);
                verdict(delivery, status, patience)
            }
        };
        send.took = began.elapsed();
        (send, then)
    }

    async fn request(
        &self,
        delivery: &Delivery,
        endpoint: &Endpoint,
        secrets: &[SecretString],
        now: DateTime<Utc>,
    ) -> Result<Response, NoAnswer> {
        let url = address::check(&endpoint.url, self.reach)?;
        let id = delivery.event.to_string();
        let response = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(HEADER_WEBHOOK_ID, &id)
            .header(HEADER_WEBHOOK_TIMESTAMP, now.timestamp())
            .header(HEADER_WEBHOOK_SIGNATURE, signatures(delivery, &id, secrets, now)?)
            .body(delivery.payload.clone())
            .send()
            .await?;
        Ok(response)
    }
}

fn signatures(
    delivery: &Delivery,
    id: &str,
    secrets: &[SecretString],
    now: DateTime<Utc>,
) -> Result<String, WebhookError> {
    let signatures: Result<Vec<_>, _> = secrets
        .iter()
        .map(|secret| {
            Webhook::new(secret.expose_secret())?.sign(
                id,
                now.timestamp(),
                delivery.payload.as_bytes(),
            )
        })
        .collect();
    Ok(signatures?.join(" "))
}

fn verdict(delivery: &Delivery, status: StatusCode, patience: Option<Duration>) -> Sent {
    match status {
        status if status.is_success() => Sent::Delivered,
        // As Standard Webhooks has it: do not come again.
        StatusCode::GONE => Sent::Unwanted,
        _ => after_failure(delivery, patience),
    }
}

fn after_failure(delivery: &Delivery, patience: Option<Duration>) -> Sent {
    pause_after(delivery.sends + 1, patience).map_or(Sent::GivenUp, |after| Sent::Again { after })
}

/// How long the receiver asks to be left alone
/// ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
fn patience(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let asked = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = asked.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::<Utc>::from(httpdate::parse_http_date(asked).ok()?);
    (until - now).to_std().ok()
}

/// How an answer begins; whatever was read when it broke off.
async fn beginning(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < KEPT {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(KEPT);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What lies beneath: the error itself says no more than that sending failed.
fn roots(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".into();
    }
    let causes: Vec<_> = std::iter::successors(error.source(), |error| (*error).source())
        .map(ToString::to_string)
        .collect();
    if causes.is_empty() { error.to_string() } else { causes.join(": ") }
}
