//! Panels are made (`/console/jury/panels/new`) and changed
//! (`/console/jury/panels/{id}/edit`).

use anb_domain::{PlayerId, Role, jury::ScopeKind};
use anb_store::{PanelError, PanelPlan, PlaceCount, Player};
use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    panel::find,
    panel_form::{Fault, PanelForm},
};
use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page, page_with_status},
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

type Typed = Vec<(String, String)>;

const PANELS: &str = "/console/jury/panels";

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/jury/panels/new", blank)
        .post("/console/jury/panels", create)
        .get("/console/jury/panels/{id}/edit", edit)
        .post("/console/jury/panels/{id}", change)
}

#[derive(Template)]
#[template(path = "jury/panel_form.html")]
struct FormPage {
    frame: Frame,
    form: PanelForm,
    /// Where the form goes; a panel that is there already has another place.
    action: String,
    is_new: bool,
    faults: Vec<Fault>,
    /// Everybody with the role jury.
    jurors: Vec<Player>,
    places: Vec<PlaceCount>,
    /// Ids and names.
    categories: Vec<(String, String)>,
}

async fn blank(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let template = FormPage::new(&app, frame, PanelForm::blank(), PANELS.to_owned()).await?;
    page(&template.frame, &template)
}

async fn edit(
    State(app): State<AppState>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let panel = find(&app, &id).await?;
    let form = PanelForm::of(&PanelPlan::of(&panel).map_err(Refusal::internal)?);
    let template = FormPage::new(&app, frame, form, format!("{PANELS}/{}", panel.id)).await?;
    page(&template.frame, &template)
}

async fn create(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let form = PanelForm::read(&typed);
    let faults = match form.check(&app.contest.now().categories) {
        Err(faults) => faults,
        Ok(plan) => match app.operations.store.create_panel(&plan, &actor).await {
            Ok(id) => return Ok(Notice::PANEL_KEPT.at(&format!("{PANELS}/{id}")).into_response()),
            Err(error) => vec![fault(error)?],
        },
    };
    again(&app, frame, form, PANELS.to_owned(), faults).await
}

async fn change(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let panel = find(&app, &id).await?;
    let form = PanelForm::read(&typed);
    let action = format!("{PANELS}/{}", panel.id);
    let faults = match form.check(&app.contest.now().categories) {
        Err(faults) => faults,
        Ok(plan) => match app.operations.store.change_panel(panel.id, &plan, &actor).await {
            Ok(()) => return Ok(Notice::PANEL_KEPT.at(&action).into_response()),
            Err(error) => vec![fault(error)?],
        },
    };
    again(&app, frame, form, action, faults).await
}

/// What whoever filled in the form can do something about.
fn fault(error: PanelError) -> Result<Fault, Refusal> {
    let (field, message) = match error {
        PanelError::NotFound => return Err(Refusal::new(Reason::NotFound)),
        PanelError::Store(error) => return Err(Refusal::internal(error)),
        PanelError::Closed => ("name", "jury-form-closed"),
        PanelError::ScoringBegun => ("criteria", "jury-form-begun"),
        PanelError::MemberHasScored(_) => ("members", "jury-form-has-scored"),
        PanelError::NotJury(_) => ("members", "jury-form-member"),
    };
    Ok(Fault { field, message })
}

async fn again(
    app: &AppState,
    frame: Frame,
    form: PanelForm,
    action: String,
    faults: Vec<Fault>,
) -> Result<Response, Refusal> {
    let template = FormPage { faults, ..FormPage::new(app, frame, form, action).await? };
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &template.frame, &template)
}

impl FormPage {
    async fn new(
        app: &AppState,
        frame: Frame,
        form: PanelForm,
        action: String,
    ) -> Result<Self, Refusal> {
        let store = &app.operations.store;
        let contest = app.contest.now();
        let named = contest
            .categories
            .iter()
            .map(|one| (one.id.clone(), one.name(frame.language).to_owned()));
        Ok(Self {
            jurors: store.players(Some(Role::Jury)).await.map_err(Refusal::internal)?,
            places: store.places().await.map_err(Refusal::internal)?,
            categories: named.collect(),
            is_new: action == PANELS,
            faults: Vec::new(),
            form,
            action,
            frame,
        })
    }

    fn is_member(&self, juror: &PlayerId) -> bool {
        self.form.members.contains(&juror.to_string())
    }

    fn is_scope(&self, kind: ScopeKind) -> bool {
        self.form.scope == kind
    }

    /// The message about a field, if something is wrong with it.
    fn fault(&self, field: &str) -> Option<&'static str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.message)
    }
}
