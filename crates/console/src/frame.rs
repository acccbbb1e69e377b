//! What surrounds every page: language, navigation, who is signed in.

use std::convert::Infallible;

use anb_domain::Language;
use anb_http::RequestContext;
use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse as _, Response},
};
use http::{header, request::Parts};

use crate::{
    PREFIX, notice::Notice, refusal::Refusal, session::Operator, state::AppState, words::role,
};

pub struct Frame {
    pub language: Language,
    /// Allows this page's own style sheet, and nothing else.
    pub nonce: String,
    /// What the showcase is called.
    pub showcase: String,
    pub operator: Option<Operator>,
    /// Where the page lies, to be led back to.
    pub here: String,
    /// What has just been done.
    pub notice: Option<String>,
}

impl Frame {
    /// Around a page that nobody needs to be signed in for.
    #[must_use]
    pub fn for_nobody(app: &AppState, context: &RequestContext) -> Self {
        Self {
            language: context.language,
            nonce: app.ids.unguessable().simple().to_string(),
            showcase: app.settings.showcase.name.clone(),
            operator: None,
            here: PREFIX.to_owned(),
            notice: None,
        }
    }

    /// One of two sentences, for the templates.
    pub fn say<'s>(&self, es: &'s str, en: &'s str) -> &'s str {
        self.language.pick(es, en)
    }

    /// Whether the page lies at this path, whatever its query.
    pub fn is_at(&self, path: &str) -> bool {
        self.here.split('?').next() == Some(path)
    }

    /// In what role somebody is signed in.
    pub fn role(&self, operator: &Operator) -> &'static str {
        role(operator.role, self.language)
    }

    fn policy(&self) -> String {
        format!(
            "default-src 'none'; style-src 'nonce-{}'; img-src data:; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
            self.nonce
        )
    }
}

impl FromRequestParts<AppState> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let context = RequestContext::from_request_parts(parts, app).await?;
        let here = parts.uri.path_and_query().map_or(PREFIX, |here| here.as_str());
        Ok(Self {
            operator: parts.extensions.get().cloned(),
            here: here.to_owned(),
            notice: Notice::of(&parts.uri).map(|notice| notice.sentence(context.language)),
            ..Self::for_nobody(app, &context)
        })
    }
}

/// A page as it is answered.
pub fn page(frame: &Frame, template: &impl Template) -> Result<Response, Refusal> {
    let html = template.render().map_err(Refusal::internal)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, frame.policy()),
        (header::CONTENT_LANGUAGE, frame.language.tag().to_owned()),
        (header::VARY, "Accept-Language, Cookie".to_owned()),
    ];
    Ok((headers, Html(html)).into_response())
}
