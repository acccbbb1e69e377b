//! Who is signed in: a signed token in a cookie. Whose it is is looked up at
//! every request, so that an account that is gone is gone at once.

use std::{sync::Arc, time::Duration};

use anb_auth::{Issued, TokenError, Tokens};
use anb_domain::{Clock, PlayerId};
use anb_http::cookies::{self, issue};
use anb_store::{Player, StoreError};
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, request::Parts};
use secrecy::SecretString;

use super::{notice, way_back};
use crate::{problem::Problem, state::AppState};

const COOKIE: &str = "anb_session";

/// Keeps access tokens and the console's sessions out, and ours out of there.
const AUDIENCE: &str = "site";

const MINUTES_PER_DAY: u32 = 24 * 60;

/// Issues and reads sessions.
pub struct Sessions(Tokens);

impl Sessions {
    #[must_use]
    pub fn new(secret: &SecretString, days: u32, clock: Arc<dyn Clock>) -> Self {
        Self(Tokens::new(secret, days.saturating_mul(MINUTES_PER_DAY), clock).only_for(AUDIENCE))
    }

    /// Whose session the request brings.
    #[must_use]
    pub fn issued(&self, headers: &HeaderMap) -> Option<Issued> {
        self.0.issued(&cookies::value(headers, COOKIE)?).ok()
    }
}

/// The cookie with which a session begins.
pub fn begin(app: &AppState, player: PlayerId) -> Result<HeaderValue, TokenError> {
    let tokens = &app.site.sessions.0;
    let lifetime = Duration::from_secs(tokens.expires_in().unsigned_abs());
    Ok(issue(COOKIE, &tokens.issue(player)?, app.site.reach, lifetime))
}

/// The cookie that makes a browser forget its session.
#[must_use]
pub fn end(app: &AppState) -> HeaderValue {
    issue(COOKIE, "", app.site.reach, Duration::ZERO)
}

/// What has been found out about a request before.
#[derive(Clone)]
struct Found(Option<Player>);

/// Who is signed in; looked up once per request.
pub async fn player(parts: &mut Parts, app: &AppState) -> Result<Option<Player>, StoreError> {
    if let Some(Found(player)) = parts.extensions.get() {
        return Ok(player.clone());
    }
    let player = match app.site.sessions.issued(&parts.headers) {
        Some(issued) => {
            let player = app.store.player(issued.to).await?;
            player.filter(|player| !issued.is_revoked(player))
        }
        None => None,
    };
    parts.extensions.insert(Found(player.clone()));
    Ok(player)
}

/// Extracts who is signed in. Who is not is sent to sign in, and comes back.
#[derive(Debug, Clone)]
pub struct Member(pub Player);

/// Nobody is signed in.
pub enum NotSignedIn {
    /// Where to go for that.
    SignIn(Redirect),
    Problem(Box<Problem>),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(redirect) => redirect.into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl FromRequestParts<AppState> for Member {
    type Rejection = NotSignedIn;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        match player(parts, app).await {
            Ok(Some(player)) => Ok(Self(player)),
            Ok(None) => {
                let sign_in = way_back::through("/sign-in", &asked_from(parts));
                Err(NotSignedIn::SignIn(Redirect::to(&sign_in)))
            }
            Err(error) => Err(NotSignedIn::Problem(Box::new(Problem::internal(error)))),
        }
    }
}

/// The page itself; or, since a form's address may have none, the page on which
/// the form is.
fn asked_from(parts: &Parts) -> String {
    if parts.method.is_safe() {
        return notice::without(&parts.uri);
    }
    way_back::referring(&parts.headers).unwrap_or_else(|| parts.uri.path().to_owned())
}
