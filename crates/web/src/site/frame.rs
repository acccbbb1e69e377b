//! What surrounds every page: language, navigation, who is signed in, in which
//! phase the contest is.

use std::{ops::Deref, sync::Arc};

use anb_contest::ContestNow;
use anb_design::Speech;
use anb_domain::{Language, PlayerId};
use anb_store::Player;
use askama::Template;
use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderValue, StatusCode, Uri, request::Parts};

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
    contest_now: Arc<ContestNow>,
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
        let contest = app.contest.now();
        Self {
            language,
            viewer: None,
            here: notice::without(uri),
            notice: Notice::of(uri),
            alert: notice::refusal(uri),
            showcase: contest.name.clone(),
            contest: ContestView::at(&contest.contest(), app.now()),
            contest_now: contest,
            speech: messages::speech(language),
            policy,
            app: app.clone(),
        }
    }

    /// Where a style sheet, script or picture lies.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        self.app.site.asset(path)
    }

    /// Where a file of the brand lies: always here, whoever serves the others.
    #[must_use]
    pub fn brand(&self, file: &str) -> String {
        let files = self.contest_now.brand_files();
        debug_assert!(files.get(file).is_some(), "no {file} of the brand");
        format!("/brand/{}/{file}", files.version())
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

    /// What could not be done, in a sentence.
    #[must_use]
    pub fn alert_sentence(&self) -> Option<String> {
        self.alert.map(|code| code.detail().text(self.language).to_owned())
    }
}

/// A frame says whatever is to be said in its language.
impl Deref for Frame {
    type Target = Speech;

    fn deref(&self) -> &Speech {
        &self.speech
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
    let policy = HeaderValue::clone(&frame.policy);
    // Kept for the way back only: it shows who is signed in.
    Ok(anb_http::page::answer(html, frame.language, policy, "private, no-cache"))
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
