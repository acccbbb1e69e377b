//! `/console/jury/panels`: every panel, and how far it is.

use anb_domain::jury::PanelStage;
use anb_store::Panel;
use askama::Template;
use axum::{extract::State, response::Response};

use super::{scope, stage};
use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/jury/panels", list)
}

#[derive(Template)]
#[template(path = "jury/panels.html")]
struct PanelsPage {
    frame: Frame,
    rows: Vec<Row>,
    /// Whole percent.
    weight: u8,
}

struct Row {
    link: String,
    name: String,
    scope: String,
    stage: &'static str,
    badge: &'static str,
    jurors: u64,
    done: u64,
    total: u64,
    /// Closed before everybody was done.
    short: bool,
}

async fn list(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let panels = app.operations.store.panels().await.map_err(Refusal::internal)?;
    let mut rows = Vec::new();
    for panel in &panels {
        rows.push(Row::of(panel, &app, &frame).await?);
    }
    let template = PanelsPage { rows, weight: app.contest.now().jury.weight().percent(), frame };
    page(&template.frame, &template)
}

impl Row {
    async fn of(panel: &Panel, app: &AppState, frame: &Frame) -> Result<Self, Refusal> {
        let progress =
            app.operations.store.panel_progress(panel).await.map_err(Refusal::internal)?;
        let (done, total) = progress.sheets();
        let at = panel.stage(app.operations.clock.now());
        let (stage, badge) = stage(at);
        Ok(Self {
            link: format!("/console/jury/panels/{}", panel.id),
            name: panel.name.clone(),
            scope: scope(&panel.scope, &app.contest.now().categories, frame),
            stage,
            badge,
            jurors: panel.members.len() as u64,
            done: done as u64,
            total: total as u64,
            short: at == PanelStage::Closed && done < total,
        })
    }
}
