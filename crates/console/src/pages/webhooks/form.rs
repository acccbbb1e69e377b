//! Setting up a receiver of events, and changing it.

use anb_domain::EventKind;
use anb_store::{Endpoint, EndpointId, NewEndpoint};
use anb_webhooks::AddressError;
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use uuid::Uuid;

use super::address;
use crate::{
    actor::By,
    frame::{Frame, page, page_with_status},
    in_path::InPath,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Longest address and description that are kept, in characters.
const MAX_URL: usize = 2000;
const MAX_DESCRIPTION: usize = 200;

/// What was typed, and what is wrong with it.
pub struct EndpointForm {
    pub url: String,
    pub description: String,
    pub active: bool,
    pub events: [Choice; EventKind::CHOICE.len()],
    /// Messages; empty where nothing is wrong.
    pub url_error: &'static str,
    pub description_error: &'static str,
    pub events_error: &'static str,
}

/// An event that may be wanted.
pub struct Choice {
    pub kind: EventKind,
    /// The message that says when it happens.
    pub meaning: &'static str,
    pub wanted: bool,
}

impl Choice {
    fn new(kind: EventKind, wanted: bool) -> Self {
        let meaning = match kind {
            EventKind::VideoCompleted => "webhooks-completed",
            EventKind::VideoRejected => "webhooks-rejected",
            EventKind::VideoFailed => "webhooks-failed",
            EventKind::ContestClosed => "webhooks-closed",
            EventKind::Ping => "webhooks-test",
        };
        Self { kind, meaning, wanted }
    }
}

#[derive(Template)]
#[template(path = "webhooks/new.html")]
struct NewPage {
    frame: Frame,
    form: EndpointForm,
    /// Of an endpoint that is there already.
    id: Option<EndpointId>,
}

impl NewPage {
    fn action(&self) -> String {
        self.id.map_or_else(|| "/console/webhooks".to_owned(), address)
    }
}

pub async fn new(frame: Frame) -> Result<Response, Refusal> {
    let form = EndpointForm::of(&[("active", "yes")]);
    let template = NewPage { frame, form, id: None };
    page(&template.frame, &template)
}

pub async fn create(
    State(app): State<AppState>,
    frame: Frame,
    By(actor): By,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (form, new) = read(&app, &fields);
    let Some(new) = new else { return shown_again(&NewPage { frame, form, id: None }) };
    let created =
        app.operations.store.create_endpoint(new, &actor).await.map_err(Refusal::internal)?;
    Ok(Notice::WEBHOOK_CREATED.at(&address(created.id)).into_response())
}

pub async fn change(
    State(app): State<AppState>,
    frame: Frame,
    By(actor): By,
    InPath(id): InPath<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let id = EndpointId(id);
    let (form, new) = read(&app, &fields);
    let Some(new) = new else { return shown_again(&NewPage { frame, form, id: Some(id) }) };
    let changed = app.operations.store.change_endpoint(id, new, &actor).await;
    match changed.map_err(Refusal::internal)? {
        Some(_) => Ok(Notice::WEBHOOK_CHANGED.at(&address(id)).into_response()),
        None => Err(Refusal::new(Reason::NotFound)),
    }
}

fn shown_again(template: &NewPage) -> Result<Response, Refusal> {
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &template.frame, template)
}

/// What was typed, and the endpoint that it describes if nothing is wrong.
fn read(app: &AppState, fields: &[(String, String)]) -> (EndpointForm, Option<NewEndpoint>) {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut form = EndpointForm::of(&fields);
    form.check(app);
    let errors = [form.url_error, form.description_error, form.events_error];
    let is_right = errors.iter().all(|error| error.is_empty());
    let new = is_right.then(|| NewEndpoint {
        url: form.url.clone(),
        description: form.description.clone(),
        events: form.events.iter().filter(|event| event.wanted).map(|event| event.kind).collect(),
        active: form.active,
    });
    (form, new)
}

impl EndpointForm {
    fn of(fields: &[(&str, &str)]) -> Self {
        let has = |name, value| fields.contains(&(name, value));
        let text = |wanted| {
            let found = fields.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        Self {
            url: text("url"),
            description: text("description"),
            active: has("active", "yes"),
            events: EventKind::CHOICE.map(|kind| Choice::new(kind, has("events", kind.as_str()))),
            url_error: "",
            description_error: "",
            events_error: "",
        }
    }

    fn check(&mut self, app: &AppState) {
        self.url_error = match anb_webhooks::check(&self.url, app.webhooks.reach) {
            _ if self.url.chars().count() > MAX_URL => "webhooks-error-long",
            Ok(_) => "",
            Err(AddressError::NotAnAddress) => "webhooks-error-no-address",
            Err(AddressError::NotEncrypted) => "webhooks-error-not-encrypted",
            Err(AddressError::Credentials) => "webhooks-error-credentials",
            Err(AddressError::Private) => "webhooks-error-private",
        };
        if self.description.chars().count() > MAX_DESCRIPTION {
            self.description_error = "webhooks-error-long";
        }
        if !self.events.iter().any(|event| event.wanted) {
            self.events_error = "webhooks-error-no-event";
        }
    }
}

impl From<&Endpoint> for EndpointForm {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            url: endpoint.url.clone(),
            description: endpoint.description.clone(),
            active: endpoint.active,
            events: EventKind::CHOICE
                .map(|kind| Choice::new(kind, endpoint.events.contains(&kind))),
            ..Self::of(&[])
        }
    }
}
