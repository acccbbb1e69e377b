//! `POST /console/jury/panels/{id}/close`: no more marks are taken.

use anb_domain::PanelId;
use anb_store::PanelError;
use axum::{
    extract::{Path, State},
    response::Redirect,
};

use crate::{
    Application, Routes,
    actor::By,
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/jury/panels/{id}/close", close)
}

async fn close(
    State(app): State<AppState>,
    By(actor): By,
    Path(id): Path<String>,
) -> Result<Redirect, Refusal> {
    let id: PanelId = id.parse().map_err(|_| Refusal::new(Reason::NotFound))?;
    let notice = match app.operations.store.close_panel(id, &actor).await {
        Ok(()) => Notice::PANEL_CLOSED,
        Err(PanelError::Closed) => Notice::PANEL_WAS_CLOSED,
        Err(PanelError::Store(error)) => return Err(Refusal::internal(error)),
        Err(_) => return Err(Refusal::new(Reason::NotFound)),
    };
    Ok(notice.at(&format!("/console/jury/panels/{id}")))
}
