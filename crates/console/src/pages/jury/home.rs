//! `/console/jury`: the panels of a juror. Operators are led to all of them.

use anb_domain::Role;
use anb_store::JurorPanel;
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};

use super::{scope, stage};
use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    session::Operator,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/jury", home)
}

#[derive(Template)]
#[template(path = "jury/home.html")]
struct HomePage {
    frame: Frame,
    panels: Vec<Line>,
}

struct Line {
    name: String,
    scope: String,
    stage: &'static str,
    badge: &'static str,
    done: u64,
    total: u64,
    /// Where to go on, if there is anything left to do.
    next: Option<String>,
    /// All videos of the panel.
    all: String,
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
}

async fn home(
    State(app): State<AppState>,
    operator: Operator,
    frame: Frame,
) -> Result<Response, Refusal> {
    if operator.role != Role::Jury {
        return Ok(Redirect::to("/console/jury/panels").into_response());
    }
    let seen = app.operations.store.panels_of(operator.id).await.map_err(Refusal::internal)?;
    let panels = seen.iter().map(|panel| Line::of(panel, &app, &frame)).collect();
    let template = HomePage { frame, panels };
    page(&template.frame, &template)
}

impl Line {
    fn of(seen: &JurorPanel, app: &AppState, frame: &Frame) -> Self {
        let panel = &seen.panel;
        let at = panel.stage(app.operations.clock.now());
        let (stage, badge) = stage(at);
        let all = format!("/console/jury/score/{}", panel.id);
        let open = at == anb_domain::jury::PanelStage::Open;
        let next = seen.next_open(None).filter(|_| open);
        Self {
            name: panel.name.clone(),
            scope: scope(&panel.scope, &app.contest.now().categories, frame),
            stage,
            badge,
            done: seen.done() as u64,
            total: seen.sheets.len() as u64,
            next: next.map(|sheet| format!("{all}/{}", sheet.key)),
            all,
            opens_at: panel.opens_at,
            closes_at: panel.closes_at.or(panel.closed_at),
        }
    }
}
