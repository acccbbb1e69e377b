//! What somebody is told when something cannot be done. A response carries its
//! [`Refusal`] as an extension; [`render`] makes the page, because only there
//! language and request id are known.

use std::{error::Error, sync::Arc, time::Duration};

use anb_http::{
    RequestContext, fault,
    limits::{TooMany, retry_after},
};
use anb_ops::OperationError;
use askama::Template;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use crate::{
    frame::{Frame, page},
    measure,
    state::AppState,
};

/// When to ask again during an outage of what we depend on.
const OUTAGE: Duration = Duration::from_secs(5);

/// Every reason there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Malformed,
    NoAccess,
    ForeignPage,
    NotFound,
    MethodNotAllowed,
    TooMany,
    Internal,
    DatabaseUnavailable,
    QueueUnavailable,
    OutOfTime,
    NoFfmpeg,
    ClipBusy,
    ClipFailed,
}

impl Reason {
    fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::NoAccess | Self::ForeignPage => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal | Self::ClipFailed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::DatabaseUnavailable
            | Self::QueueUnavailable
            | Self::OutOfTime
            | Self::NoFfmpeg
            | Self::ClipBusy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What to make of a response that came without a reason of ours: from the
    /// router, or from a library.
    pub fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::FORBIDDEN => Self::NoAccess,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany,
            status if status.is_server_error() => Self::Internal,
            _ => Self::Malformed,
        }
    }

    /// The messages that say what it is, and what is wrong and what to do about
    /// it.
    fn messages(self) -> [&'static str; 2] {
        match self {
            Self::Malformed => ["refusal-malformed", "refusal-malformed-detail"],
            Self::NoAccess => ["refusal-no-access", "refusal-no-access-detail"],
            Self::ForeignPage => ["refusal-foreign-page", "refusal-foreign-page-detail"],
            Self::NotFound => ["refusal-not-found", "refusal-not-found-detail"],
            Self::MethodNotAllowed => {
                ["refusal-method-not-allowed", "refusal-method-not-allowed-detail"]
            }
            Self::TooMany => ["refusal-too-many", "refusal-too-many-detail"],
            Self::Internal => ["refusal-internal", "refusal-internal-detail"],
            Self::DatabaseUnavailable => {
                ["refusal-database-unavailable", "refusal-database-unavailable-detail"]
            }
            Self::QueueUnavailable => {
                ["refusal-queue-unavailable", "refusal-queue-unavailable-detail"]
            }
            Self::NoFfmpeg => ["refusal-no-ffmpeg", "refusal-no-ffmpeg-detail"],
            Self::ClipBusy => ["refusal-clip-busy", "refusal-clip-busy-detail"],
            Self::ClipFailed => ["refusal-clip-failed", "refusal-clip-failed-detail"],
            Self::OutOfTime => ["refusal-out-of-time", "refusal-out-of-time-detail"],
        }
    }
}

/// Something that cannot be done.
#[derive(Debug, Clone)]
pub struct Refusal {
    reason: Reason,
    retry_after: Option<Duration>,
    /// For the log only.
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Refusal {
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self { reason, retry_after: None, cause: None }
    }

    /// A fault of ours: its cause goes to the log and nowhere else. If the
    /// database is merely out, it is worth asking again soon.
    #[must_use]
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        let is_outage = anb_store::is_transient(&cause);
        Self {
            reason: if is_outage { Reason::DatabaseUnavailable } else { Reason::Internal },
            retry_after: is_outage.then_some(OUTAGE),
            cause: Some(Arc::new(cause)),
        }
    }

    /// What is our fault goes to the log.
    pub fn log(&self) {
        if !self.reason.status().is_server_error() {
            return;
        }
        let cause = self.cause.as_deref().map(|cause| fault::causes(cause)).unwrap_or_default();
        if self.reason == Reason::Internal {
            tracing::error!(reason = ?self.reason, cause, "request failed");
        } else {
            tracing::warn!(reason = ?self.reason, cause, "request refused");
        }
    }
}

impl From<OperationError> for Refusal {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Store(error) => Self::internal(error),
            OperationError::Queue(error) => Self {
                reason: Reason::QueueUnavailable,
                retry_after: Some(OUTAGE),
                cause: Some(Arc::new(error)),
            },
        }
    }
}

impl From<TooMany> for Refusal {
    fn from(error: TooMany) -> Self {
        Self { retry_after: Some(error.wait), ..Self::new(Reason::TooMany) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.reason.status().into_response();
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    frame: Frame,
    title: &'static str,
    detail: &'static str,
    request_id: String,
}

/// Makes the page of every error, also of those that come from the router or a
/// library, and logs what is our fault.
pub async fn render(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_report(&response) {
        return response;
    }
    if is_page(&response) {
        measure::shown_again(status);
        return response;
    }
    let refusal = response.extensions_mut().remove::<Refusal>();
    let refusal = refusal.unwrap_or_else(|| Refusal::new(Reason::of(status)));
    measure::refused(refusal.reason);
    refusal.log();
    let [title, detail] = refusal.reason.messages();
    let frame = Frame::for_nobody(&app, context.language);
    let template = RefusalPage { title, detail, request_id: context.id.to_string(), frame };
    let Ok(mut told) = page(&template.frame, &template) else { return response };
    *told.status_mut() = status;
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().remove(header::CONTENT_TYPE);
    told.headers_mut().extend(response.headers().clone());
    told
}

/// A form that is shown again.
fn is_page(response: &Response) -> bool {
    content_type(response).starts_with("text/html")
}

/// Of readiness, which says more than a page would.
fn is_report(response: &Response) -> bool {
    content_type(response) == "application/json"
}

fn content_type(response: &Response) -> &str {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    content_type.and_then(|value| value.to_str().ok()).unwrap_or_default()
}
