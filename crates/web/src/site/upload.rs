//! `/upload`: the page that sends files in parts, and the plain form that it is
//! without its script.

use anb_domain::{PlayerId, ShowcaseRules, Title};
use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    clip_rules::ClipRules,
    filters::Choice,
    frame::{Frame, page, page_with_status},
    notice::Notice,
    session::Member,
    sign_in::after_a_while,
};
use crate::{
    Application, Routes,
    measure::{self, Way},
    problem::{Code, Problem},
    request::RequestContext,
    state::AppState,
    upload::{self, UploadError, UploadForm},
};

pub fn routes() -> Routes {
    let routes = Routes::new(Application::Public).get("/upload", form).post("/upload", upload);
    routes.layer(DefaultBodyLimit::disable())
}

#[derive(Template)]
#[template(path = "upload.html")]
struct UploadPage<'a> {
    frame: &'a Frame,
    player: PlayerId,
    clip: ClipRules<'a>,
    /// The same rules for the script, as JSON.
    limits: String,
    opens_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    /// Whether an upload has begun and not ended: it may, even after the time.
    unfinished: bool,
    /// What it can compete in, where the contest asks for that.
    categories: Vec<Choice>,
    /// What was typed before.
    title: String,
    /// Why that was not taken.
    alert: Option<String>,
}

impl<'a> UploadPage<'a> {
    const TITLE_CHARS: usize = Title::MAX_CHARS;

    /// What the script says.
    const WORDS: &'static [&'static str] = &[
        "upload-checking",
        "upload-ready",
        "upload-unmeasured",
        "upload-waiting",
        "upload-sending",
        "upload-finishing",
        "upload-paused",
        "upload-done",
        "upload-offline",
        "upload-busy",
        "upload-session-over",
        "upload-same-file",
        "upload-elsewhere",
        "upload-file-gone",
        "upload-other-file",
        "upload-title-missing",
        "upload-category-missing",
        "upload-trouble",
        "upload-bytes",
        "upload-left",
        "upload-left-moment",
        "upload-left-unknown",
        "upload-broken-type",
        "upload-broken-empty",
        "upload-broken-size",
        "upload-broken-short",
        "upload-broken-long",
        "upload-broken-low",
        "upload-broken-high",
    ];

    async fn new(app: &'a AppState, frame: &'a Frame, player: PlayerId) -> Result<Self, Problem> {
        let submissions = app.contest.now().submissions;
        let now = app.now();
        let uploads = app.store.part_uploads_of(player).await.map_err(Problem::internal)?;
        Ok(Self {
            frame,
            player,
            clip: ClipRules::new(app, frame),
            limits: limits(&app.rules()),
            opens_at: submissions.opens_at.filter(|_| submissions.is_ahead(now)),
            closed_at: submissions.closes_at.filter(|_| submissions.is_over(now)),
            unfinished: !uploads.is_empty(),
            categories: Choice::of(&app.categories(), frame.language, None),
            title: String::new(),
            alert: None,
        })
    }

    fn takes_files(&self) -> bool {
        self.frame.contest.submissions_open || self.unfinished
    }
}

/// By what a browser judges before it sends anything.
fn limits(rules: &ShowcaseRules) -> String {
    json!({
        "max_size_bytes": rules.max_size_bytes,
        "min_duration_s": rules.min_duration_s,
        "max_duration_s": rules.max_duration_s,
        "min_lines": rules.min_lines,
        "max_side": rules.max_side,
        "tolerance_s": ShowcaseRules::DURATION_TOLERANCE_S,
    })
    .to_string()
}

async fn form(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
) -> Result<Response, Problem> {
    page(&frame, &UploadPage::new(&app, &frame, player.id).await?)
}

/// What browsers without the script send.
async fn upload(
    State(app): State<AppState>,
    context: RequestContext,
    Member(player): Member,
    frame: Frame,
    form: Result<UploadForm, UploadError>,
) -> Result<Response, Problem> {
    let (accepted, title, category) = match form {
        Ok(form) => {
            let (typed, chosen) = (form.typed_title(), form.typed_category());
            let accepted = upload::accept(&app, player.id, form, context.traceparent).await;
            (accepted, typed.get().cloned(), chosen.get().cloned())
        }
        Err(error) => (Err(error), None, None),
    };
    let problem = match accepted {
        Ok(_video) => return Ok(Notice::Uploaded.at("/me/videos").into_response()),
        Err(error) => Problem::from(error),
    };
    if problem.code.status().is_server_error() && problem.retry_after.is_none() {
        return Err(problem);
    }
    measure::upload_refused(Way::Form, problem.code);
    let template = UploadPage {
        title: title.unwrap_or_default(),
        categories: Choice::of(&app.categories(), frame.language, category.as_deref()),
        alert: Some(reason(&problem, &frame)),
        ..UploadPage::new(&app, &frame, player.id).await?
    };
    let answer = page_with_status(problem.code.status(), &frame, &template)?;
    Ok(after_a_while(answer, &problem))
}

/// Which field it is says more than that there is one.
fn reason(problem: &Problem, frame: &Frame) -> String {
    let incomplete = problem.code == Code::ValidationFailed;
    let missing = |field| incomplete && problem.errors.iter().any(|error| error.field == field);
    if missing("video_file") {
        frame.say("upload-file-missing").into_owned()
    } else if missing("title") {
        frame.say("upload-title-missing").into_owned()
    } else {
        problem.detail_in(frame.language)
    }
}
