//! `POST /console/moderation`: rules about one video or many.

use anb_domain::{Reason, Ruling, VideoId};
use anb_store::{Actor, RuleError, StoreError};
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{PATH, PER_PAGE};
use crate::{
    actor::By,
    frame::{Frame, page_with_status},
    notice::Notice,
    refusal::{self, Refusal},
    state::AppState,
};

/// As browsers send it: a video for each box that is checked.
pub type Fields = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "moderation/reason.html")]
struct ReasonPage<'a> {
    frame: &'a Frame,
    ruling: Ruling,
    videos: &'a [VideoId],
    back: &'a str,
    typed: &'a str,
}

impl ReasonPage<'_> {
    const CHARS: usize = Reason::MAX_CHARS;
}

pub async fn rule(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    Form(fields): Form<Fields>,
) -> Result<Response, Refusal> {
    let ruling: Ruling =
        one(&fields, "ruling").parse().map_err(|_| Refusal::new(refusal::Reason::Malformed))?;
    let videos = checked(&fields);
    let back = back_to(one(&fields, "back"), PATH);
    if videos.is_empty() {
        return Ok(Notice::NONE_CHOSEN.at(back).into_response());
    }
    let typed = one(&fields, "reason");
    let reason = typed.parse::<Reason>().ok();
    if ruling.needs_reason() && reason.is_none() {
        let template = ReasonPage { frame: &frame, ruling, videos: &videos, back, typed };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &frame, &template);
    }
    let ruled = rule_all(&app, &actor, &videos, ruling, reason.as_ref()).await?;
    let skipped = (videos.len() - ruled.len()) as u64;
    Ok(Notice::RULED.with(&[ruled.len() as u64, skipped], &undoable(back, &ruled)).into_response())
}

/// Rules about each; who was faster elsewhere has ruled already.
async fn rule_all(
    app: &AppState,
    actor: &Actor,
    videos: &[VideoId],
    ruling: Ruling,
    reason: Option<&Reason>,
) -> Result<Vec<VideoId>, Refusal> {
    let mut ruled = Vec::new();
    for video in videos {
        match app.operations.store.rule(actor, *video, ruling, reason).await {
            Ok(_) => ruled.push(*video),
            Err(RuleError::Store(error)) => return Err(internal(error)),
            Err(_) => {}
        }
    }
    Ok(ruled)
}

fn internal(error: StoreError) -> Refusal {
    Refusal::internal(error)
}

/// Where the way back begins: the list carries what was ruled.
fn undoable(back: &str, ruled: &[VideoId]) -> String {
    if ruled.is_empty() || !back.starts_with(PATH) {
        return back.to_owned();
    }
    let ids: Vec<_> = ruled.iter().map(ToString::to_string).collect();
    let joint = if back.contains('?') { '&' } else { '?' };
    format!("{back}{joint}undo={}", ids.join("."))
}

/// The first field of this name.
pub fn one<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}

/// The videos whose boxes are checked.
pub fn checked(fields: &Fields) -> Vec<VideoId> {
    ids(fields.iter().filter(|(name, _)| name == "video").map(|(_, id)| id.as_str()))
}

pub fn ids<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<VideoId> {
    let ids = texts.filter_map(|text| text.parse().ok().map(VideoId));
    ids.take(usize::try_from(PER_PAGE).unwrap_or(usize::MAX)).collect()
}

/// A page of the console, without what it said the last time.
pub fn back_to<'b>(back: &'b str, otherwise: &'static str) -> &'b str {
    let own = back.starts_with("/console") && !back.contains(['\\', '\r', '\n']);
    let back = if own { back } else { otherwise };
    back.split_once("&undo=").or_else(|| back.split_once("?undo=")).map_or(back, |(page, _)| page)
}
