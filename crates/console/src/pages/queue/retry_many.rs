//! `POST /console/queue/retry`: new tries for those that were ticked, or for
//! every failed video.

use anb_domain::{VideoId, VideoStatus};
use axum::{
    extract::{RawForm, State},
    response::Redirect,
};

use crate::{actor::By, notice::Notice, refusal::Refusal, state::AppState};

/// Read at a time.
const BATCH: u64 = 200;

pub(super) async fn retry(
    State(app): State<AppState>,
    By(actor): By,
    RawForm(form): RawForm,
) -> Result<Redirect, Refusal> {
    let (ticked, all) = choice(&form);
    let videos = if all { every_failed(&app).await? } else { ticked };
    if videos.is_empty() {
        return Ok(Notice::NOTHING_TICKED.at("/console/queue"));
    }
    let done = app.operations.retry_many(videos, &actor).await?;
    let operator = actor.id.map(tracing::field::display);
    let (role, retried, not_failed) = (&actor.role, done.retried, done.not_failed);
    tracing::info!(operator, role, retried, not_failed, "videos retried");
    Ok(Notice::RETRIED_MANY.with(&[done.retried, done.not_failed], "/console/queue"))
}

/// The ticked videos, and whether all are meant.
fn choice(form: &[u8]) -> (Vec<VideoId>, bool) {
    let fields: Vec<_> = url::form_urlencoded::parse(form).collect();
    let ticked = fields.iter().filter(|(name, _)| name == "video");
    let ticked = ticked.filter_map(|(_, id)| id.parse().ok()).collect();
    (ticked, fields.iter().any(|(name, _)| name == "all"))
}

async fn every_failed(app: &AppState) -> Result<Vec<VideoId>, Refusal> {
    let mut ids = Vec::new();
    loop {
        let failed = [VideoStatus::Failed];
        let skip = ids.len() as u64;
        let page = app.operations.store.videos(failed, BATCH, skip).await;
        let page = page.map_err(Refusal::internal)?;
        if page.items.is_empty() {
            return Ok(ids);
        }
        ids.extend(page.items.iter().map(|video| video.id));
    }
}
