//! `/videos/{id}/report`: tells those who run the contest what is wrong with a
//! play.

use anb_domain::{Reason, ReportReason};
use anb_store::PublicVideo;
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    form::FieldErrors,
    frame::{Frame, page, page_with_status},
    notice::{self, Notice},
    video::public,
};
use crate::{
    Application, Routes,
    api::public::report::{ReportRequest, Visitor, take},
    extract::{Raw, VideoPath},
    footprint::SentFrom,
    problem::{Code, Problem},
    request::RequestContext,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/videos/{id}/report", form)
        .post("/videos/{id}/report", report)
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    frame: &'a Frame,
    video: PublicVideo,
    typed: Typed,
    errors: FieldErrors,
}

impl ReportPage<'_> {
    const NOTE_CHARS: usize = Reason::MAX_CHARS;
    const REASONS: [ReportReason; 5] = ReportReason::ALL;

    /// The message that names it.
    fn id(reason: ReportReason) -> &'static str {
        match reason {
            ReportReason::WrongPerson => "report-wrong-person",
            ReportReason::Offensive => "report-offensive",
            ReportReason::NotOwn => "report-not-own",
            ReportReason::Copyright => "report-copyright",
            ReportReason::Other => "report-other",
        }
    }
}

#[derive(Clone, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
}

async fn form(
    State(app): State<AppState>,
    frame: Frame,
    VideoPath(id): VideoPath,
) -> Result<Response, Problem> {
    let video = public(&app, id).await?;
    let (typed, errors) = (Typed::default(), FieldErrors::default());
    page(&frame, &ReportPage { frame: &frame, video, typed, errors })
}

async fn report(
    State(app): State<AppState>,
    context: RequestContext,
    frame: Frame,
    SentFrom(from): SentFrom,
    VideoPath(id): VideoPath,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let visitor = Visitor {
        player: frame.viewer.as_ref().map(|viewer| viewer.id),
        client: context.client_key(),
        network: from.network.as_deref(),
    };
    let reason =
        if typed.reason.is_empty() { Raw::Missing } else { Raw::Text(typed.reason.clone()) };
    let request = ReportRequest { reason, note: Raw::Text(typed.note.clone()) };
    let back = format!("/videos/{id}");
    match take(&app, id, &visitor, request).await.map_err(Problem::from) {
        Ok(()) => Ok(Notice::Reported.at(&back).into_response()),
        Err(problem) if problem.code == Code::ValidationFailed => {
            let video = public(&app, id).await?;
            let errors = FieldErrors::new(&problem.errors, frame.language);
            let template = ReportPage { frame: &frame, video, typed, errors };
            page_with_status(StatusCode::BAD_REQUEST, &frame, &template)
        }
        Err(problem) if is_answer(problem.code) => {
            Ok(notice::refused(problem.code, &back).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Told at the video; the rest has a page of its own.
fn is_answer(code: Code) -> bool {
    matches!(code, Code::AlreadyReported | Code::TooManyRequests)
}
