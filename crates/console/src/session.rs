//! Who is signed in: a signed token in a cookie. What somebody may do is looked
//! up at every request, so that a role that is taken away is gone at once.

use std::{sync::Arc, time::Duration};

use anb_auth::{TokenError, Tokens};
use anb_domain::{Clock, PlayerId, Role};
use anb_http::{
    access::{Application, Visitor, may, rule},
    cookies::{self, issue},
};
use anb_store::Player;
use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, Method, request::Parts};
use secrecy::SecretString;

use crate::{
    cookies::reach,
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Where somebody signs in.
pub const SIGN_IN: &str = "/console/sign-in";

const COOKIE: &str = "anb_console";

/// Keeps the public service's access tokens out, and ours out of there.
const AUDIENCE: &str = "console";

/// Issues and reads sessions.
pub struct Sessions(Tokens);

impl Sessions {
    #[must_use]
    pub fn new(secret: &SecretString, lifetime_minutes: u32, clock: Arc<dyn Clock>) -> Self {
        Self(Tokens::new(secret, lifetime_minutes, clock).only_for(AUDIENCE))
    }

    fn read(&self, headers: &HeaderMap) -> Option<PlayerId> {
        self.0.read(&cookies::value(headers, COOKIE)?).ok()
    }
}

/// The cookie with which a session begins.
pub fn begin(app: &AppState, player: PlayerId) -> Result<HeaderValue, TokenError> {
    let tokens = &app.sessions.0;
    let lifetime = Duration::from_secs(tokens.expires_in().unsigned_abs());
    Ok(issue(COOKIE, &tokens.issue(player)?, reach(app), lifetime))
}

/// The cookie that makes a browser forget its session.
#[must_use]
pub fn end(app: &AppState) -> HeaderValue {
    issue(COOKIE, "", reach(app), Duration::ZERO)
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Operator {
    pub id: PlayerId,
    pub name: String,
    pub role: Role,
}

impl From<Player> for Operator {
    fn from(player: Player) -> Self {
        Self {
            id: player.id,
            name: format!("{} {}", player.first_name, player.last_name),
            role: player.role,
        }
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        parts.extensions.get().cloned().ok_or_else(|| Redirect::to(SIGN_IN))
    }
}

/// Lets pass whom the table of access names. Who is not signed in, or no longer,
/// is asked to.
pub async fn enforce(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    // Without a row there is no route either: the router says so.
    let Some(rule) = rule(Application::Console, request.method(), path) else {
        return Ok(next.run(request).await);
    };
    let operator = operator(&app, request.headers()).await?;
    let visitor = operator.as_ref().map_or(Visitor::Anonymous, |who| Visitor::As(who.role));
    if !rule.who.includes(visitor) {
        return match visitor {
            Visitor::Anonymous => Ok(Redirect::to(SIGN_IN).into_response()),
            Visitor::As(_) => Err(Refusal::new(Reason::NoAccess)),
        };
    }
    if let Some(operator) = operator {
        request.extensions_mut().insert(operator);
    }
    Ok(next.run(request).await)
}

/// Whether the session with which a stream was opened still lets its owner see
/// what the row of `path` describes.
pub async fn is_good(app: &AppState, headers: &HeaderMap, path: &str) -> bool {
    let operator = operator(app, headers).await.ok().flatten();
    let visitor = operator.map_or(Visitor::Anonymous, |who| Visitor::As(who.role));
    may(Application::Console, visitor, &Method::GET, path)
}

/// Who is signed in, if the account is still there.
async fn operator(app: &AppState, headers: &HeaderMap) -> Result<Option<Operator>, Refusal> {
    let Some(id) = app.sessions.read(headers) else { return Ok(None) };
    let player = app.operations.store.player(id).await.map_err(Refusal::internal)?;
    Ok(player.map(Operator::from))
}
