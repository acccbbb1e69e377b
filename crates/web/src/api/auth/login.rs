//! `POST /api/auth/login`

use anb_auth::{AuthenticateError, TokenError, authenticate};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::{
    extract::{ApiJson, Fields, InvalidFields, Raw},
    limits::TooMany,
    problem::{Code, Problem, answers},
    request::RequestContext,
    state::AppState,
};

#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    #[serde(default)]
    #[schema(value_type = String, format = "email", example = "ana@example.com")]
    email: Raw,
    #[serde(default)]
    #[schema(value_type = String, format = "password", example = "aro-tablero-red")]
    password: Raw,
}

/// The key to everything that only a player may do.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are OAuth's: RFC 6749 §5.1")]
pub struct AccessToken {
    /// A JSON Web Token: send it as `Authorization: Bearer …`.
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until it is no longer good.
    #[schema(example = 3600)]
    expires_in: i64,
}

#[derive(Debug, Error)]
pub enum LoginError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Fields(#[from] InvalidFields),
    /// Which of the two is wrong must not be told.
    #[error("the e-mail address or the password is wrong")]
    InvalidCredentials,
    #[error(transparent)]
    Authenticate(#[from] AuthenticateError),
    #[error("the token could not be signed: {0}")]
    Token(#[from] TokenError),
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::TooMany(error) => error.into(),
            LoginError::Fields(error) => error.into(),
            LoginError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            LoginError::Authenticate(error) => Self::internal(error),
            LoginError::Token(error) => Self::internal(error),
        }
    }
}

answers!(LoginError:
    InvalidCredentials, MalformedJson, MalformedRequest, BodyTooLarge, UnsupportedMediaType,
    ValidationFailed, TooManyRequests, Internal);

/// Exchanges e-mail address and password for an access token.
#[utoipa::path(
    post, path = "/api/auth/login", tag = "auth", operation_id = "login",
    request_body = LoginRequest,
    responses((status = OK, description = "Logged in", body = AccessToken), LoginError),
)]
pub async fn login(
    State(app): State<AppState>,
    context: RequestContext,
    ApiJson(request): ApiJson<LoginRequest>,
) -> Result<Json<AccessToken>, LoginError> {
    app.limits.logins.check(&context.client_key())?;
    let (email, password) = request.check()?;
    let player = authenticate(&app.store, &app.passwords, &email, password.into())
        .await?
        .ok_or(LoginError::InvalidCredentials)?;
    Ok(Json(AccessToken {
        access_token: app.tokens.issue(player.id)?,
        token_type: "Bearer",
        expires_in: app.tokens.expires_in(),
    }))
}

impl LoginRequest {
    fn check(self) -> Result<(String, String), InvalidFields> {
        let mut fields = Fields::default();
        let email = fields.text("email", self.email);
        let password = fields.text("password", self.password);
        email.zip(password).ok_or_else(|| fields.into_error())
    }
}
