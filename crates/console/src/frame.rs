//! What surrounds every page: language, navigation, who is signed in.

use std::{convert::Infallible, ops::Deref};

use anb_design::Speech;
use anb_domain::Language;
use anb_http::{
    RequestContext,
    access::{self, Application, Visitor},
};
use askama::Template;
use axum::{extract::FromRequestParts, response::Response};
use http::{Method, StatusCode, request::Parts};

use crate::{
    PREFIX, messages,
    navigation::{Section, sections},
    notice::{self, Notice},
    pages::assets,
    refusal::Refusal,
    session::Operator,
    state::AppState,
    words,
};

/// Every page's handler takes one and gives it to its template.
pub struct Frame {
    pub language: Language,
    /// What the showcase is called.
    pub showcase: String,
    pub operator: Option<Operator>,
    /// Path and query of the page, to be led back to.
    pub here: String,
    /// What has just been done.
    pub notice: Option<String>,
    speech: Speech,
    app: AppState,
}

impl Frame {
    /// Around a page for which it does not matter who is signed in.
    #[must_use]
    pub fn for_nobody(app: &AppState, language: Language) -> Self {
        Self {
            language,
            showcase: app.contest.now().name.clone(),
            operator: None,
            here: PREFIX.to_owned(),
            notice: None,
            speech: messages::speech(language),
            app: app.clone(),
        }
    }

    /// Where a style sheet, script or picture lies.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        debug_assert!(self.app.assets.get(path).is_some(), "no asset {path}");
        format!("{}/{}/{path}", assets::PATH, self.app.assets.version())
    }

    /// Where a file of the brand lies.
    #[must_use]
    pub fn brand(&self, file: &str) -> String {
        format!("/console/brand/{}/{file}", self.app.contest.now().brand_files().version())
    }

    /// The sections that whoever is signed in may see.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        let role = self.operator.as_ref().map(|operator| operator.role);
        role.map(|role| sections(role, &self.here)).unwrap_or_default()
    }

    /// Whether whoever is signed in may use a form or see a page: its row in
    /// the table of access says so.
    #[must_use]
    pub fn may(&self, method: &str, path: &str) -> bool {
        let visitor =
            self.operator.as_ref().map_or(Visitor::Anonymous, |who| Visitor::As(who.role));
        let method = method.parse().unwrap_or(Method::GET);
        access::may(Application::Console, visitor, &method, path)
    }

    /// In what role somebody is signed in.
    #[must_use]
    pub fn role(&self, operator: &Operator) -> String {
        self.say(words::role(operator.role)).into_owned()
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
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let context = RequestContext::from_request_parts(parts, app).await?;
        app.contest.fresh().await;
        let frame = Self::for_nobody(app, context.language);
        let said = Notice::of(&parts.uri);
        Ok(Self {
            operator: parts.extensions.get().cloned(),
            here: notice::without(&parts.uri),
            notice: said.map(|notice| notice.sentence(&parts.uri, frame.speech)),
            ..frame
        })
    }
}

/// A page as it is answered.
pub fn page(frame: &Frame, template: &impl Template) -> Result<Response, Refusal> {
    let html = template.render().map_err(Refusal::internal)?;
    let policy = frame.app.policy.clone();
    Ok(anb_http::page::answer(html, frame.language, policy, "no-store"))
}

/// A page that tells of something that cannot be done, such as a form with
/// what is wrong in it.
pub fn page_with_status(
    status: StatusCode,
    frame: &Frame,
    template: &impl Template,
) -> Result<Response, Refusal> {
    let mut response = page(frame, template)?;
    *response.status_mut() = status;
    Ok(response)
}
