//! `POST /api/auth/signup`

use axum::{Json, extract::State};
use http::StatusCode;

use super::Profile;
use crate::{
    extract::ApiJson,
    footprint::SentFrom,
    registration::{self, Applicant, SignupError},
    request::RequestContext,
    state::AppState,
};

/// Registers a player.
#[utoipa::path(
    post, path = "/api/auth/signup", tag = "auth", operation_id = "signup",
    request_body = Applicant,
    responses((status = CREATED, description = "Registered", body = Profile), SignupError),
)]
pub async fn signup(
    State(app): State<AppState>,
    context: RequestContext,
    SentFrom(from): SentFrom,
    ApiJson(applicant): ApiJson<Applicant>,
) -> Result<(StatusCode, Json<Profile>), SignupError> {
    let player = registration::register(&app, &context.client_key(), from, &applicant).await?;
    Ok((StatusCode::CREATED, Json(player.into())))
}
