//! `/console/jury/panels/{id}`: who has marked how much; once the panel is
//! closed, what has come of it.

use anb_domain::{PanelId, jury::PanelStage};
use anb_store::{JurorProgress, Panel, PanelProgress, VideoResult};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{scope, stage};
use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::{Reason, Refusal},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/jury/panels/{id}", show)
}

#[derive(Template)]
#[template(path = "jury/panel.html")]
struct PanelPage {
    frame: Frame,
    panel: Panel,
    scope: String,
    stage: &'static str,
    badge: &'static str,
    closed: bool,
    progress: PanelProgress,
    done: u64,
    total: u64,
    /// Whole percent.
    weight: u8,
    /// `None` until it is closed.
    results: Option<Vec<VideoResult>>,
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let panel = find(&app, &id).await?;
    let (store, weight) = (&app.operations.store, app.contest.now().jury.weight());
    let progress = store.panel_progress(&panel).await.map_err(Refusal::internal)?;
    let results = store.panel_results(&panel, weight).await.map_err(Refusal::internal)?;
    let at = panel.stage(app.operations.clock.now());
    let (stage, badge) = stage(at);
    let (done, total) = progress.sheets();
    let template = PanelPage {
        scope: scope(&panel.scope, &app.contest.now().categories, &frame),
        stage,
        badge,
        closed: at == PanelStage::Closed,
        done: done as u64,
        total: total as u64,
        weight: weight.percent(),
        progress,
        results,
        panel,
        frame,
    };
    page(&template.frame, &template)
}

/// The panel of an address.
pub async fn find(app: &AppState, id: &str) -> Result<Panel, Refusal> {
    let id: PanelId = id.parse().map_err(|_| Refusal::new(Reason::NotFound))?;
    let panel = app.operations.store.panel(id).await.map_err(Refusal::internal)?;
    panel.ok_or_else(|| Refusal::new(Reason::NotFound))
}

impl PanelPage {
    /// Those who have something left to do.
    fn behind(&self) -> Vec<&JurorProgress> {
        self.progress.jurors.iter().filter(|juror| !juror.is_done()).collect()
    }

    /// Opens a message to all of them.
    fn remind(&self) -> String {
        let addresses: Vec<_> =
            self.behind().iter().map(|juror| juror.email.as_str().to_owned()).collect();
        let subject = url::form_urlencoded::byte_serialize(self.panel.name.as_bytes());
        let subject = subject.collect::<String>().replace('+', "%20");
        format!("mailto:?bcc={}&subject={subject}", addresses.join(","))
    }
}
