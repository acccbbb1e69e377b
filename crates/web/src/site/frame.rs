//! What surrounds every page: language, navigation, who is signed in, in which
//! phase the contest is.

use std::{borrow::Cow, sync::Arc};

use anb_design::{Argument, Count, Speech, figures};
use anb_domain::{Language, PlayerId};
use anb_store::Player;
use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse as _, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderValue, StatusCode, Uri, header, request::Parts};

use super::{contest::ContestView, messages, notice, notice::Notice, session, way_back};
use crate::{
    problem::{Code, Problem},
    request::RequestContext,
    state::AppState,
};

/// Every page's handler takes one and gives it to its template.
pub struct Frame {
    pub language: Language,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Path and query of the page, to be led back to.
    pub here: String,
    /// What has just been done.
    pub notice: Option<Notice>,
    /// What could not be done.
    pub alert: Option<Code>,
    /// The showcase's name.
    pub showcase: String,
    pub contest: ContestView,
    speech: Speech,
    policy: Arc<HeaderValue>,
    app: AppState,
}

/// Somebody who is signed in, as pages see them.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub id: PlayerId,
    pub first_name: String,
    pub city: String,
    pub country: String,
}

impl From<&Player> for Viewer {
    fn from(player: &Player) -> Self {
        Self {
            id: player.id,
            first_name: player.first_name.clone(),
            city: player.city.clone(),
            country: player.country.clone(),
        }
    }
}

impl Frame {
    /// Around a page for which it does not matter who is signed in.
    #[must_use]
    pub fn for_nobody(
        app: &AppState,
        language: Language,
        uri: &Uri,
        policy: Arc<HeaderValue>,
    ) -> Self {
        Self {
            language,
            viewer: None,
            here: notice::without(uri),
            notice: Notice::of(uri),
            alert: notice::refusal(uri),
            showcase: app.settings.showcase.name.clone(),
            contest: ContestView::at(&app.site.contest, app.now()),
            speech: messages::speech(language),
            policy,
            app: app.clone(),
        }
    }

    /// A message.
    #[must_use]
    pub fn say(&self, id: &str) -> Cow<'static, str> {
        self.speech.say(id)
    }

    /// A message about something.
    pub fn with(&self, id: &str, name: &str, value: impl Argument) -> String {
        self.speech.with(id, name, value)
    }

    /// A message about several things.
    pub fn with_all(&self, id: &str, arguments: &[(&str, &dyn Argument)]) -> String {
        self.speech.with_all(id, arguments)
    }

    /// A message that depends on a number: its `$count`, written `$figure`.
    pub fn counted(&self, id: &str, number: impl Count) -> String {
        self.speech.counted(id, number)
    }

    /// A number as people write it.
    pub fn figure(&self, number: impl Count) -> String {
        self.speech.figure(number)
    }

    /// A moment in words, in UTC: for `<time datetime="…" data-moment>`, which
    /// site.js rewrites in the visitor's zone.
    #[must_use]
    pub fn moment(&self, at: &DateTime<Utc>) -> String {
        figures::moment(*at, self.language)
    }

    /// A moment for programs (RFC 3339): the `datetime` of a `<time>`.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates ask the frame for whatever they write")]
    pub fn stamp(&self, at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Where a style sheet, script or picture lies.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        self.app.site.asset(path)
    }

    /// The whole address of a path of ours, to be passed on.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.app.public_url)
    }

    /// Where links to ourselves begin.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.app.origin
    }

    /// Whether the page lies at this path, whatever its query.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        self.here.split('?').next() == Some(path)
    }

    /// Whether this is who is signed in.
    #[must_use]
    pub fn is_viewer(&self, player: &PlayerId) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.id == *player)
    }

    /// Where to sign in and come back.
    #[must_use]
    pub fn sign_in(&self) -> String {
        let on_the_way = self.is_at("/sign-in") || self.is_at("/sign-up");
        way_back::through("/sign-in", if on_the_way { "/" } else { &self.here })
    }

    /// Messages for a script, as JSON that can stand inside a `<script>`: their
    /// arguments are left as `{name}`.
    #[must_use]
    pub fn words(&self, ids: &[&str]) -> String {
        let words: serde_json::Map<_, _> =
            ids.iter().map(|id| ((*id).to_owned(), self.speech.pattern(id).into())).collect();
        serde_json::Value::Object(words).to_string().replace('<', "\\u003c")
    }

    /// What could not be done, in a sentence.
    #[must_use]
    pub fn alert_sentence(&self) -> Option<String> {
        self.alert.map(|code| code.detail().text(self.language).to_owned())
    }
}

impl FromRequestParts<AppState> for Frame {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let player = session::player(parts, app).await.map_err(Problem::internal)?;
        let language = RequestContext::from_request_parts(parts, app)
            .await
            .map_or_else(|never| match never {}, |context| context.language);
        let policy = app.site.policy(app).await;
        let frame = Self::for_nobody(app, language, &parts.uri, policy);
        Ok(Self { viewer: player.as_ref().map(Viewer::from), ..frame })
    }
}

/// A page as it is answered.
pub fn page(frame: &Frame, template: &impl Template) -> Result<Response, Problem> {
    let html = template.render().map_err(Problem::internal)?;
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::clone(&frame.policy));
    for (name, value) in [
        (header::CONTENT_LANGUAGE, frame.language.tag()),
        (header::VARY, "Accept-Language, Cookie"),
        // Kept for the way back only: it shows who is signed in.
        (header::CACHE_CONTROL, "private, no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A page that tells of something that cannot be done, such as a form with
/// what is wrong in it.
pub fn page_with_status(
    status: StatusCode,
    frame: &Frame,
    template: &impl Template,
) -> Result<Response, Problem> {
    let mut response = page(frame, template)?;
    *response.status_mut() = status;
    Ok(response)
}
