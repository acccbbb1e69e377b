//! What clients are told when something goes wrong: the one place where errors
//! become status, code and language
//! ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
//!
//! Every endpoint has an error enum of its own and says in one `From` which
//! [`Code`] each variant is. A response carries its [`Problem`] as an
//! extension; [`crate::middleware::problems`] writes the body, because only
//! there language and request id are known.

mod code;
mod openapi;
mod sentence;

use std::{borrow::Cow, error::Error, sync::Arc, time::Duration};

use anb_domain::Language;
use anb_http::limits::retry_after;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

pub use code::Code;
pub use openapi::responses_for;
pub use sentence::Sentence;

/// When to ask again during an outage of the database.
const OUTAGE: Duration = Duration::from_secs(5);

/// A field of the request and what is wrong with it.
#[derive(Debug, Clone)]
pub struct FieldProblem {
    pub field: Cow<'static, str>,
    pub message: Sentence,
}

impl FieldProblem {
    pub fn new(field: impl Into<Cow<'static, str>>, message: Sentence) -> Self {
        Self { field: field.into(), message }
    }
}

/// Something that went wrong, ready to be told.
#[derive(Debug, Clone)]
pub struct Problem {
    pub code: Code,
    /// Replaces the code's general sentence where figures make it clearer.
    pub detail: Option<Sentence>,
    pub errors: Box<[FieldProblem]>,
    /// Numbers of parts that have not arrived.
    pub missing_parts: Box<[u32]>,
    /// When it makes sense to try again.
    pub retry_after: Option<Duration>,
    /// For the log only.
    pub cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Problem {
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            errors: Box::default(),
            missing_parts: Box::default(),
            retry_after: None,
            cause: None,
        }
    }

    /// A fault of ours: its cause goes to the log, nothing to the client. If
    /// the database is merely out, the client may ask again soon.
    #[must_use]
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        let problem = if anb_store::is_transient(&cause) {
            Self::new(Code::DatabaseUnavailable).retry_after(OUTAGE)
        } else {
            Self::new(Code::Internal)
        };
        problem.because(cause)
    }

    /// What is wrong and what to do about it.
    #[must_use]
    pub fn detail_in(&self, language: Language) -> String {
        self.detail.as_ref().unwrap_or(&self.code.detail()).text(language).to_owned()
    }

    #[must_use]
    pub fn because(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Arc::new(cause)), ..self }
    }

    #[must_use]
    pub fn saying(self, detail: Sentence) -> Self {
        Self { detail: Some(detail), ..self }
    }

    #[must_use]
    pub fn about(self, errors: Vec<FieldProblem>) -> Self {
        Self { errors: errors.into(), ..self }
    }

    #[must_use]
    pub fn lacking(self, missing_parts: Vec<u32>) -> Self {
        Self { missing_parts: missing_parts.into(), ..self }
    }

    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        let headers = response.headers_mut();
        if self.code.status() == http::StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, retry_after(wait));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// An error as clients get it (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Address of a page that explains this kind of problem.
    #[schema(example = "http://localhost:8000/problems#video_not_found")]
    pub r#type: String,
    /// The kind of problem in a few words.
    #[schema(example = "Video not found")]
    pub title: String,
    #[schema(example = 404)]
    pub status: u16,
    /// What is wrong here and what to do, in the language of the request.
    #[schema(example = "There is no such video.")]
    pub detail: String,
    /// The kind of problem for programs; never changes.
    #[schema(value_type = String, example = "video_not_found")]
    pub code: Code,
    /// Names this request in our log.
    #[schema(value_type = uuid::Uuid)]
    pub request_id: String,
    /// The fields at fault, when the input is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldErrorBody>,
    /// The parts that have not arrived, when an upload cannot be completed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_parts: Vec<u32>,
}

/// What is wrong with one field of the request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldErrorBody {
    #[schema(example = "email")]
    pub field: String,
    #[schema(example = "is required")]
    pub message: String,
}

/// Lets an endpoint's error enum be returned from its handler, and be listed
/// in its documentation with every code that it may become.
macro_rules! answers {
    ($error:ty: $($code:ident),+ $(,)?) => {
        impl axum::response::IntoResponse for $error {
            fn into_response(self) -> axum::response::Response {
                axum::response::IntoResponse::into_response($crate::problem::Problem::from(self))
            }
        }

        impl utoipa::IntoResponses for $error {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::problem::responses_for(&[$($crate::problem::Code::$code),+])
            }
        }
    };
}
pub(crate) use answers;
