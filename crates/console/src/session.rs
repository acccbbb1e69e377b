//! Who is signed in: a token in a cookie, of which the database keeps a hash.
//! Whose it is and what they may do is looked up at every request, so that a
//! role that is taken away, a session that is ended and a password that is
//! changed have an effect at once.

use std::time::Duration;

use anb_auth::{digest, random_token};
use anb_domain::{PlayerId, Role};
use anb_http::{
    RequestContext,
    access::{Application, Visitor, may, rule},
    cookies::{self, issue},
};
use anb_store::{Actor, ConsoleSession, Deed, NewConsoleSession, Player};
use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, Method, request::Parts};
use uuid::Uuid;

use crate::{
    actor::agent,
    cookies::reach,
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Where somebody signs in.
pub const SIGN_IN: &str = "/console/sign-in";

const COOKIE: &str = "anb_console";

/// For the second factor after the password.
const PENDING: Duration = Duration::from_mins(10);

/// The cookie with which a session begins. Until the second factor has been
/// shown it opens nothing but the page that asks for it; once it is `proven`,
/// the session that waited for that ends, in the same transaction.
pub async fn begin(
    app: &AppState,
    player: &Player,
    context: &RequestContext,
    headers: &HeaderMap,
    proven: Option<(Uuid, &Actor, Deed)>,
) -> Result<HeaderValue, Refusal> {
    let verified = proven.is_some();
    let (replaces, noted) = proven.map(|(id, actor, deed)| (id, (actor, deed))).unzip();
    let token = random_token().map_err(Refusal::internal)?;
    let lifetime = if verified { app.longest_session } else { PENDING };
    let new = NewConsoleSession {
        player: player.id,
        token_hash: digest(&token),
        password_mark: digest(&player.password_hash),
        lifetime,
        verified,
        replaces,
        address: Some(context.client.to_string()),
        agent: agent(headers),
    };
    let begun = app.operations.store.begin_console_session(new, noted).await;
    begun.map_err(Refusal::internal)?;
    Ok(issue(COOKIE, &token, reach(app), lifetime))
}

/// The cookie that makes a browser forget its session.
#[must_use]
pub fn end(app: &AppState) -> HeaderValue {
    issue(COOKIE, "", reach(app), Duration::ZERO)
}

/// The session that a request brings, whether or not the second factor has been
/// shown.
async fn found(
    app: &AppState,
    headers: &HeaderMap,
) -> Result<Option<(ConsoleSession, Player)>, Refusal> {
    let Some(token) = cookies::value(headers, COOKIE) else { return Ok(None) };
    let store = &app.operations.store;
    let found = store.console_session(&digest(&token), app.idle_session).await;
    Ok(found
        .map_err(Refusal::internal)?
        .filter(|(session, player)| session.password_mark == digest(&player.password_hash)))
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Operator {
    pub id: PlayerId,
    pub name: String,
    pub role: Role,
    /// Which of their sessions this is.
    pub session: Uuid,
}

impl Operator {
    #[must_use]
    pub fn of(player: &Player, session: Uuid) -> Self {
        Self {
            id: player.id,
            name: format!("{} {}", player.first_name, player.last_name),
            role: player.role,
            session,
        }
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        parts.extensions.get().cloned().ok_or_else(|| Redirect::to(SIGN_IN))
    }
}

/// Somebody who has given the password and is about to show the second factor.
#[derive(Debug, Clone)]
pub struct Pending {
    pub player: Player,
    pub session: Uuid,
}

impl FromRequestParts<AppState> for Pending {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        match found(app, &parts.headers).await {
            Ok(Some((session, player))) if !session.verified && may_come_in(player.role) => {
                Ok(Self { player, session: session.id })
            }
            Ok(_) => Err(Redirect::to(SIGN_IN).into_response()),
            Err(refusal) => Err(refusal.into_response()),
        }
    }
}

/// Who has any business here.
#[must_use]
pub fn may_come_in(role: Role) -> bool {
    role > Role::Player
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
    // Whoever may come in anyway must not wait for the database.
    let probe = !path.starts_with(crate::PREFIX) || path.starts_with(crate::pages::assets::PATH);
    let operator = if probe { None } else { operator(&app, request.headers()).await? };
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
    let found = found(app, headers).await?.filter(|(session, _)| session.verified);
    Ok(found.map(|(session, player)| Operator::of(&player, session.id)))
}
