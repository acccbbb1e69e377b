//! `/console/reports`: what the public finds wrong, video by video.

use anb_domain::{Reason, ReportReason, Visibility};
use anb_store::ReportedVideo;
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use serde::Deserialize;

use super::{
    moderation::ids,
    video::media::{Made, policy_for},
};
use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page_with_status},
    notice::Notice,
    paging::{Pager, Paging},
    refusal::{self, Refusal},
    state::AppState,
};

const PATH: &str = "/console/reports";

const PER_PAGE: u64 = 24;

pub fn routes() -> Routes {
    Routes::new(Application::Console).get(PATH, list).post("/console/reports/dismiss", dismiss)
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage<'a> {
    frame: &'a Frame,
    items: Vec<Shown>,
    total: u64,
    pager: Pager,
    /// The video whose reports cannot be dismissed without a reason.
    unexplained: &'a str,
}

struct Shown {
    item: ReportedVideo,
    made: Made,
}

impl Shown {
    async fn of(app: &AppState, item: ReportedVideo) -> Result<Self, Refusal> {
        let made = Made::of(app, &item.entry.video).await.map_err(Refusal::internal)?;
        Ok(Self { item, made })
    }
}

impl ReportsPage<'_> {
    /// The message that names it.
    fn id(reason: ReportReason) -> &'static str {
        match reason {
            ReportReason::WrongPerson => "reports-wrong-person",
            ReportReason::Offensive => "reports-offensive",
            ReportReason::NotOwn => "reports-not-own",
            ReportReason::Copyright => "reports-copyright",
            ReportReason::Other => "reports-other",
        }
    }

    fn is_unexplained(&self, item: &ReportedVideo) -> bool {
        item.entry.video.id.to_string() == self.unexplained
    }

    fn is_public(item: &ReportedVideo) -> bool {
        item.entry.video.visibility == Visibility::Public
    }
}

#[derive(Deserialize)]
struct Wanted {
    page: Option<u64>,
}

async fn list(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    shown(&app, &frame, &wanted, "", StatusCode::OK).await
}

async fn shown(
    app: &AppState,
    frame: &Frame,
    wanted: &Wanted,
    unexplained: &str,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let paging = Paging::new(wanted.page, PER_PAGE);
    let found = app.operations.store.reported_videos(paging.length, paging.skipped()).await;
    let found = found.map_err(Refusal::internal)?;
    let address = |page| format!("{PATH}?page={page}");
    let pager = paging.pager(found.items.len(), found.total, address);
    let items = found.items.into_iter().map(|item| Shown::of(app, item));
    let items = futures::future::try_join_all(items).await?;
    let policy = policy_for(items.first().map(|shown| &shown.made));
    let template = ReportsPage { frame, total: found.total, pager, items, unexplained };
    let mut response = page_with_status(status, frame, &template)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

#[derive(Deserialize)]
struct Dismissal {
    #[serde(default)]
    video: String,
    #[serde(default)]
    reason: String,
}

async fn dismiss(
    State(app): State<AppState>,
    By(actor): By,
    frame: Frame,
    Form(typed): Form<Dismissal>,
) -> Result<Response, Refusal> {
    let videos = ids(std::iter::once(typed.video.as_str()));
    let video = *videos.first().ok_or_else(|| Refusal::new(refusal::Reason::NotFound))?;
    let Ok(reason) = typed.reason.parse::<Reason>() else {
        let first = Wanted { page: None };
        return shown(&app, &frame, &first, &typed.video, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let closed = app.operations.store.dismiss_reports(&actor, video, &reason).await;
    let closed = closed.map_err(Refusal::internal)?;
    Ok(Notice::DISMISSED.with(&[closed], PATH).into_response())
}
