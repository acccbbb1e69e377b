//! `/console/exports`: what can be taken out of the platform, as CSV or JSON.

use anb_domain::jury::JuryWeight;
use anb_http::fault;
use anb_ops::{ExportError, ExportRequest, ExportedKind, columns};
use askama::Template;
use axum::{
    Form,
    body::Body,
    extract::State,
    extract::rejection::FormRejection,
    response::{IntoResponse as _, Response},
};
use futures::TryStreamExt as _;
use http::header;
use serde::Deserialize;

use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page},
    in_path::InPath,
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Longest word under which exports can be joined.
const MAX_WORD: usize = 64;

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/exports", show)
        .post("/console/exports/{kind}", make)
}

#[derive(Template)]
#[template(path = "exports.html")]
struct ExportsPage {
    frame: Frame,
    offers: [Offer; 4],
}

/// Something to export: its name in addresses, the messages that say what it is
/// and what it holds, and its columns.
struct Offer {
    kind: &'static str,
    title: &'static str,
    holds: &'static str,
    columns: &'static [&'static str],
    has_pseudonyms: bool,
}

impl Offer {
    fn of(kind: ExportedKind) -> Self {
        let [title, holds] = match kind {
            ExportedKind::Rankings => ["exports-rankings", "exports-rankings-hold"],
            ExportedKind::Votes => ["exports-votes", "exports-votes-hold"],
            ExportedKind::Videos => ["exports-videos", "exports-videos-hold"],
            ExportedKind::Audit => ["exports-audit", "exports-audit-holds"],
        };
        let has_pseudonyms = kind == ExportedKind::Votes;
        Self { kind: kind.as_str(), title, holds, columns: columns(kind), has_pseudonyms }
    }
}

async fn show(frame: Frame) -> Result<Response, Refusal> {
    let template = ExportsPage { frame, offers: ExportedKind::ALL.map(Offer::of) };
    page(&template.frame, &template)
}

#[derive(Deserialize)]
struct Wanted {
    format: String,
    bom: Option<String>,
    #[serde(default)]
    word: String,
}

impl Wanted {
    fn request(&self, kind: ExportedKind, weight: JuryWeight) -> Option<ExportRequest> {
        let word = self.word.trim();
        Some(ExportRequest {
            kind,
            format: self.format.parse().ok()?,
            bom: self.bom.is_some(),
            word: (!word.is_empty()).then(|| word.to_owned()),
            weight,
        })
        .filter(|_| word.chars().count() <= MAX_WORD)
    }
}

async fn make(
    State(app): State<AppState>,
    By(actor): By,
    InPath(kind): InPath<String>,
    wanted: Result<Form<Wanted>, FormRejection>,
) -> Result<Response, Refusal> {
    let kind: ExportedKind = kind.parse().map_err(|_| Refusal::new(Reason::NotFound))?;
    app.contest.fresh().await;
    let weight = app.contest.now().jury.weight();
    let request = wanted.ok().and_then(|Form(wanted)| wanted.request(kind, weight));
    let request = request.ok_or_else(|| Refusal::new(Reason::Malformed))?;
    let export = app.exporter.begin(&actor, &request).await.map_err(refusal)?;
    let headers = [
        (header::CONTENT_TYPE, export.content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export.name)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    // The connection ends with an error: what arrived is seen not to be whole.
    let pieces = export.pieces.inspect_err(move |error| {
        tracing::error!(%kind, cause = fault::causes(error), "export broken off");
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

fn refusal(error: ExportError) -> Refusal {
    match error {
        ExportError::Store(error) => Refusal::internal(error),
        error => Refusal::internal(error),
    }
}
