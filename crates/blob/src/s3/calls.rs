//! Requests that `object_store` has no words for, or would keep in memory.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::CONTENT_LENGTH};
use serde::Deserialize;
use thiserror::Error;
use tokio::time::{Instant, sleep};

use super::{
    bucket::Bucket,
    piece::Piece,
    sign::{Signer, Unsigned},
};
use crate::BlobError;

/// Until when a request must have reached S3, and how far clocks may differ.
const LIFE: Duration = Duration::from_mins(15);
/// How long a connection may take.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long S3 may be silent: a part of 8 MiB must get there in this time.
pub(super) const SILENCE: Duration = Duration::from_secs(30);
/// How often and for how long a request is tried again.
pub(super) const RETRIES: u32 = 6;
pub(super) const RETRY_FOR: Duration = Duration::from_mins(1);
/// The longest wait before the first retry; it doubles up to the second.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(100);
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

pub(super) struct Calls {
    pub http: reqwest::Client,
    pub signer: Arc<Signer>,
    pub bucket: Bucket,
}

/// A request. All of ours may be sent twice without harm.
pub(super) struct Call<'a> {
    pub method: Method,
    /// Empty for the bucket itself.
    pub key: &'a str,
    pub query: Vec<(&'static str, String)>,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<&'a Piece>,
}

/// What S3 has answered, having done as asked.
pub(super) struct Answer {
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Debug, Error)]
pub(super) enum CallError {
    #[error("S3 answers {status} {code}: {message}")]
    Refused { status: StatusCode, code: String, message: String },
    #[error("S3 cannot be reached: {0}")]
    Unreachable(#[source] reqwest::Error),
    #[error("S3 answers what nobody asked: {0}")]
    Senseless(#[from] quick_xml::DeError),
    #[error("the request cannot be signed: {0}")]
    Unsigned(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The body of a refusal
/// ([Error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)).
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Refusal {
    code: String,
    message: String,
}

impl CallError {
    fn refused(status: StatusCode, body: &[u8]) -> Self {
        // Without a body the status has to do.
        let Refusal { code, message } = quick_xml::de::from_reader(body).unwrap_or_default();
        Self::Refused { status, code, message }
    }

    /// Whether it may be better in a moment.
    fn passes(&self) -> bool {
        match self {
            Self::Refused { status, code, .. } => {
                let busy = [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT];
                status.is_server_error() || busy.contains(status) || code == "RequestTimeout"
            }
            Self::Unreachable(_) => true,
            Self::Senseless(_) | Self::Unsigned(_) => false,
        }
    }

    /// Whether the object or the upload is not there. (Without the bucket, who
    /// knows?)
    pub fn is_absence(&self) -> bool {
        let gone = ["NoSuchKey", "NoSuchUpload"];
        matches!(self, Self::Refused { code, .. } if gone.contains(&code.as_str()))
    }

    pub fn of(self, key: &str) -> BlobError {
        if self.is_absence() {
            BlobError::NotFound(key.to_owned())
        } else {
            BlobError::Unavailable(self.into())
        }
    }
}

impl Calls {
    pub fn new(signer: Arc<Signer>, bucket: Bucket) -> Result<Self, BlobError> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("anb-video/", env!("CARGO_PKG_VERSION")))
            .https_only(bucket.is_https())
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE)
            .build()
            .map_err(|error| BlobError::Unavailable(error.into()))?;
        Ok(Self { http, signer, bucket })
    }

    /// Sends a request until it is answered, or nothing better is to be
    /// expected.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let started = Instant::now();
        let mut retry = 0;
        loop {
            match self.send_once(call).await {
                Err(error)
                    if error.passes() && retry < RETRIES && started.elapsed() < RETRY_FOR =>
                {
                    let pause = pause_before(retry);
                    tracing::info!(method = %call.method, %error, retry, "S3 is asked again");
                    sleep(pause).await;
                    retry += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn send_once(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let query = call.query.iter().map(|(name, value)| (*name, value.as_str()));
        let url = self.bucket.url(call.key, query);
        let unsigned = Unsigned { method: &call.method, url, headers: &call.headers };
        let url = self.signer.presign(unsigned, LIFE).await.map_err(CallError::Unsigned)?;
        let mut request = self.http.request(call.method.clone(), url);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(piece) = call.body {
            request = request.header(CONTENT_LENGTH, piece.size()).body(piece.body());
        }
        // The URL is as good as a key; it must not get into a log.
        let unreachable = |error: reqwest::Error| CallError::Unreachable(error.without_url());
        let response = request.send().await.map_err(unreachable)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            Ok(Answer { headers, body })
        } else {
            Err(CallError::refused(status, &body))
        }
    }
}

/// A random part of a time that doubles from retry to retry
/// ([Exponential backoff and
/// jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)).
fn pause_before(retry: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << retry.min(16)).min(LONGEST_PAUSE);
    longest.mul_f64(rand::random_range(0.0..=1.0))
}
