//! A JSON body of bounded size.

use axum::{
    Json,
    extract::{
        FromRequest, Request,
        rejection::{BytesRejection, JsonRejection},
    },
};
use http::StatusCode;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::{
    problem::{Code, FieldProblem, Problem, Sentence, answers},
    state::AppState,
};

/// Most bytes of a JSON body.
pub const MAX_BYTES: usize = 64 << 10;

/// Why a body is no input.
#[derive(Debug, Error)]
pub enum InvalidJson {
    #[error("the body is not valid JSON")]
    Syntax,
    #[error("the body is JSON but no object")]
    NotAnObject,
    #[error("the body is not declared as JSON")]
    MediaType,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body could not be read")]
    CutOff,
}

impl From<JsonRejection> for InvalidJson {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::JsonDataError(_) => Self::NotAnObject,
            JsonRejection::MissingJsonContentType(_) => Self::MediaType,
            JsonRejection::BytesRejection(rejection) => rejection.into(),
            _ => Self::Syntax,
        }
    }
}

impl From<BytesRejection> for InvalidJson {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else {
            Self::CutOff
        }
    }
}

impl From<InvalidJson> for Problem {
    fn from(error: InvalidJson) -> Self {
        match error {
            InvalidJson::Syntax => Self::new(Code::MalformedJson),
            InvalidJson::NotAnObject => {
                let message = Sentence::new(
                    "debe ser un objeto JSON, cada campo una sola vez",
                    "must be a JSON object with each field only once",
                );
                Self::new(Code::ValidationFailed).about(vec![FieldProblem::new("body", message)])
            }
            InvalidJson::MediaType => Self::new(Code::UnsupportedMediaType),
            InvalidJson::TooLarge => Self::new(Code::BodyTooLarge),
            InvalidJson::CutOff => Self::new(Code::MalformedRequest),
        }
    }
}

answers!(InvalidJson:
    MalformedJson, ValidationFailed, UnsupportedMediaType, BodyTooLarge, MalformedRequest);

/// Extracts the body.
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for ApiJson<T> {
    type Rejection = InvalidJson;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Self::Rejection> {
        let Json(value) = Json::from_request(request, app).await?;
        Ok(Self(value))
    }
}
