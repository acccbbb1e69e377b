//! The player behind a request.

use std::ops::Deref;

use anb_auth::Issued;
use anb_http::origin;
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
    #[error("neither an access token nor a session was sent")]
    NoToken,
    /// A browser sends the session along whoever has made it ask.
    #[error("another site asks in the name of who is signed in")]
    CrossSite,
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
            Unauthenticated::CrossSite => Self::new(Code::CrossSite),
            _ => Self::new(Code::Unauthenticated),
        }
    }
}

answers!(Unauthenticated: Unauthenticated, Internal);

/// Extracts the player whose access token the request bears
/// ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)); without one, who is
/// signed in on the site from which it comes.
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
        match bearer(parts) {
            Some(token) => identify(app, app.tokens.issued(token)?).await,
            None => signed_in(app, parts).await,
        }
    }
}

/// Like [`CurrentPlayer`], where it is all the same whether there is one: who
/// sends neither token nor session is nobody.
#[derive(Debug, Clone)]
pub struct OptionalPlayer(pub Option<Player>);

impl FromRequestParts<AppState> for OptionalPlayer {
    type Rejection = Unauthenticated;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        match CurrentPlayer::from_request_parts(parts, app).await {
            Ok(CurrentPlayer(player)) => Ok(Self(Some(player))),
            Err(Unauthenticated::NoToken) => Ok(Self(None)),
            Err(error) => Err(error),
        }
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
        let query = Query::<TokenQuery>::try_from_uri(&parts.uri);
        let found = match query {
            Ok(Query(query)) if bearer(parts).is_none() => {
                identify(app, app.tokens.issued(&query.access_token)?).await
            }
            _ => CurrentPlayer::from_request_parts(parts, app).await,
        };
        found.map(|CurrentPlayer(player)| Self(player))
    }
}

async fn signed_in(app: &AppState, parts: &Parts) -> Result<CurrentPlayer, Unauthenticated> {
    let issued = app.site.sessions.issued(&parts.headers).ok_or(Unauthenticated::NoToken)?;
    if !parts.method.is_safe() && !origin::is_own(&parts.headers) {
        return Err(Unauthenticated::CrossSite);
    }
    identify(app, issued).await
}

async fn identify(app: &AppState, issued: Issued) -> Result<CurrentPlayer, Unauthenticated> {
    let player = app.store.player(issued.to).await?.ok_or(Unauthenticated::UnknownPlayer)?;
    if issued.is_revoked(&player) {
        return Err(InvalidToken.into());
    }
    Ok(CurrentPlayer(player))
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
