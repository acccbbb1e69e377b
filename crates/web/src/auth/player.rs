//! The player behind a request.

use std::ops::Deref;

use anb_store::{Player, StoreError};
use axum::extract::{FromRequestParts, Query};
use http::{header, request::Parts};
use serde::Deserialize;
use thiserror::Error;

use crate::{
    auth::InvalidToken,
    problem::{Code, Problem, answers},
    state::AppState,
};

/// Why nobody stands behind a request.
#[derive(Debug, Error)]
pub enum Unauthenticated {
    #[error("no access token was sent")]
    NoToken,
    #[error(transparent)]
    InvalidToken(#[from] InvalidToken),
    /// The token is good but its account is gone.
    #[error("the player of this token no longer exists")]
    UnknownPlayer,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unauthenticated> for Problem {
    fn from(error: Unauthenticated) -> Self {
        match error {
            Unauthenticated::Store(error) => Self::internal(error),
            _ => Self::new(Code::Unauthenticated),
        }
    }
}

answers!(Unauthenticated: Unauthenticated, Internal);

/// Extracts the player whose access token the request bears
/// ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
#[derive(Debug, Clone)]
pub struct CurrentPlayer(pub Player);

impl Deref for CurrentPlayer {
    type Target = Player;

    fn deref(&self) -> &Player {
        &self.0
    }
}

impl FromRequestParts<AppState> for CurrentPlayer {
    type Rejection = Unauthenticated;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let token = bearer(parts).ok_or(Unauthenticated::NoToken)?;
        identify(app, token).await
    }
}

/// Like [`CurrentPlayer`], but also takes the token from `?access_token=`,
/// since a browser's `EventSource` cannot send headers. Only for event
/// streams: addresses end up in histories and in proxies' logs.
#[derive(Debug, Clone)]
pub struct StreamPlayer(pub Player);

#[derive(Deserialize)]
struct TokenQuery {
    access_token: String,
}

impl FromRequestParts<AppState> for StreamPlayer {
    type Rejection = Unauthenticated;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let token = match bearer(parts) {
            Some(token) => token.to_owned(),
            None => Query::<TokenQuery>::try_from_uri(&parts.uri)
                .map(|Query(query)| query.access_token)
                .map_err(|_| Unauthenticated::NoToken)?,
        };
        identify(app, &token).await.map(|CurrentPlayer(player)| Self(player))
    }
}

async fn identify(app: &AppState, token: &str) -> Result<CurrentPlayer, Unauthenticated> {
    let id = app.tokens.read(token)?;
    app.store.player(id).await?.map(CurrentPlayer).ok_or(Unauthenticated::UnknownPlayer)
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
