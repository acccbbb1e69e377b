//! The message body: a video to work on.

use anb_domain::VideoId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A job as it travels: body `{"v":1,"video_id":"<uuid>"}`, trace context as
/// an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub video_id: VideoId,
    /// The [W3C `traceparent`](https://www.w3.org/TR/trace-context/) of the
    /// request that caused it.
    pub traceparent: Option<String>,
}

/// The body is not one of ours. The message goes to the dead letters, where
/// an operator can look at it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a job: {0}")]
pub struct PoisonBody(String);

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Body {
    v: u32,
    video_id: VideoId,
}

impl Job {
    #[must_use]
    pub fn new(video_id: VideoId) -> Self {
        Self { video_id, traceparent: None }
    }

    /// The body as it is sent.
    #[must_use]
    pub fn body(&self) -> String {
        format!(r#"{{"v":{VERSION},"video_id":"{}"}}"#, self.video_id)
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`PoisonBody`] when it is no JSON of ours, or of a version we do not know.
    pub fn from_body(body: &str, traceparent: Option<String>) -> Result<Self, PoisonBody> {
        let body: Body =
            serde_json::from_str(body).map_err(|error| PoisonBody(error.to_string()))?;
        if body.v != VERSION {
            return Err(PoisonBody(format!("version {} is unknown", body.v)));
        }
        Ok(Self { video_id: body.video_id, traceparent })
    }
}
