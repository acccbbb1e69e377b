//! `/console/jury/score/{panel}/{sheet}/clip`: leads to the video of a sheet by
//! a link that soon expires. The page itself never says which video it is.

use std::time::Duration;

use anb_blob::{BlobError, LinkOptions};
use anb_domain::keys::ResultFile;
use axum::{
    extract::{Path, State},
    response::Redirect,
};

use super::sheet::sheet_of;
use crate::{Application, Routes, refusal::Refusal, session::Operator, state::AppState};

/// Long enough to watch a clip several times.
const LIFE: Duration = Duration::from_mins(30);

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/jury/score/{panel}/{sheet}/clip", clip)
}

async fn clip(
    State(app): State<AppState>,
    operator: Operator,
    Path((panel, key)): Path<(String, String)>,
) -> Result<Redirect, Refusal> {
    let (_, sheet) = sheet_of(&app, &operator, &panel, &key).await?;
    let file = ResultFile::Video;
    let key = app.layout.result(sheet.video, sheet.attempt, file);
    let link = signed(&app, &key).await.map_err(Refusal::internal)?;
    Ok(Redirect::to(link.as_str()))
}

/// Where clips come from: pages that show one may load from there.
pub async fn origin(app: &AppState) -> Result<String, BlobError> {
    let key = format!("{}policy", app.layout.processed_prefix());
    Ok(signed(app, &key).await?.origin().ascii_serialization())
}

async fn signed(app: &AppState, key: &str) -> Result<url::Url, BlobError> {
    let content_type = ResultFile::Video.content_type().to_owned();
    let options = LinkOptions { expires_in: LIFE, content_type, download_as: None };
    app.blobs.signed_link(key, &options).await
}
