//! `/console/jury/score/{panel}`: the videos of a panel in the juror's own
//! order; once it is closed, what they have come to.

use std::collections::HashMap;

use anb_domain::{
    PanelId,
    jury::{PanelStage, Points, SheetState, Total},
};
use anb_store::{JurorPanel, VideoResult};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::stage;
use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::{Reason, Refusal},
    session::Operator,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/jury/score/{panel}", list)
}

#[derive(Template)]
#[template(path = "jury/score.html")]
struct ScorePage {
    frame: Frame,
    name: String,
    stage: &'static str,
    badge: &'static str,
    open: bool,
    closed: bool,
    done: u64,
    total: u64,
    next: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    link: String,
    number: u64,
    state: &'static str,
    badge: &'static str,
    /// What the juror gives; once the panel is closed, whose the video is and
    /// what all of them give.
    own: Option<Points>,
    title: Option<String>,
    player: Option<String>,
    jury: Option<Points>,
}

async fn list(
    State(app): State<AppState>,
    operator: Operator,
    frame: Frame,
    Path(panel): Path<String>,
) -> Result<Response, Refusal> {
    let seen = panel_of(&app, &operator, &panel).await?;
    let at = seen.panel.stage(app.operations.clock.now());
    let results = known(&app, &seen).await?;
    let here = format!("/console/jury/score/{}", seen.panel.id);
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(&seen.sheets) {
        let store = &app.operations.store;
        let sheet = store.sheet(&seen, operator.id, &line.key).await.map_err(Refusal::internal)?;
        let sheet = sheet.ok_or_else(|| Refusal::new(Reason::NotFound))?;
        let own = sheet.total.map(Total::points);
        // Whoever has not finished it learns nothing, also afterwards.
        let result = own.and_then(|_| results.get(&sheet.video));
        rows.push(Row::new(format!("{here}/{}", line.key), number, line.state, own, result));
    }
    let (stage, badge) = stage(at);
    let open = at == PanelStage::Open;
    let next = seen.next_open(None).filter(|_| open);
    let template = ScorePage {
        name: seen.panel.name.clone(),
        stage,
        badge,
        open,
        closed: at == PanelStage::Closed,
        done: seen.done() as u64,
        total: seen.sheets.len() as u64,
        next: next.map(|sheet| format!("{here}/{}", sheet.key)),
        rows,
        frame,
    };
    page(&template.frame, &template)
}

/// A panel in which somebody has a seat.
pub async fn panel_of(
    app: &AppState,
    operator: &Operator,
    panel: &str,
) -> Result<JurorPanel, Refusal> {
    let id: PanelId = panel.parse().map_err(|_| Refusal::new(Reason::NotFound))?;
    let seen = app.operations.store.panel_for(id, operator.id).await.map_err(Refusal::internal)?;
    seen.ok_or_else(|| Refusal::new(Reason::NotFound))
}

/// What the jury has come to, once that may be known.
async fn known(
    app: &AppState,
    seen: &JurorPanel,
) -> Result<HashMap<anb_domain::VideoId, VideoResult>, Refusal> {
    let weight = app.contest.now().jury.weight();
    let results = app.operations.store.panel_results(&seen.panel, weight).await;
    let results = results.map_err(Refusal::internal)?.unwrap_or_default();
    Ok(results.into_iter().map(|result| (result.video.id, result)).collect())
}

/// The message that says how far a sheet is, and the class of its badge.
pub fn state(state: SheetState) -> (&'static str, &'static str) {
    match state {
        SheetState::Blank => ("jury-sheet-blank", "uploading"),
        SheetState::Draft => ("jury-sheet-draft", "pending"),
        SheetState::Finished => ("jury-sheet-finished", "completed"),
        SheetState::Recused => ("jury-sheet-recused", "rejected"),
    }
}

impl Row {
    fn new(
        link: String,
        number: u64,
        at: SheetState,
        own: Option<Points>,
        result: Option<&VideoResult>,
    ) -> Self {
        let (state, badge) = state(at);
        Self {
            link,
            number,
            state,
            badge,
            own,
            title: result.map(|result| result.video.title.clone()),
            player: result.map(|result| result.video.player_name.clone()),
            jury: result.and_then(VideoResult::score),
        }
    }
}
