//! `/console/jury/score/{panel}/{sheet}`: a juror watches a video and marks
//! it. Whose it is, and what others think of it, is not said.

use std::collections::HashMap;

use anb_domain::{
    CriterionId,
    jury::{Comment, InvalidMark, Mark, PanelStage, Points, SheetState, Total},
};
use anb_http::page::policy;
use anb_store::{JurorPanel, SaveError, Sheet, SheetEntry, SheetIntent};
use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};

use super::{
    clip::origin,
    score::{panel_of, state},
};
use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page, page_with_status},
    notice::Notice,
    refusal::{Reason, Refusal},
    session::Operator,
    state::AppState,
};

/// Before the id of a criterion, in the names of fields.
const MARK: &str = "mark-";

pub fn routes() -> Routes {
    const PATH: &str = "/console/jury/score/{panel}/{sheet}";
    Routes::new(Application::Console).get(PATH, show).post(PATH, save)
}

#[derive(Template)]
#[template(path = "jury/sheet.html")]
struct SheetPage {
    frame: Frame,
    panel: String,
    here: String,
    number: u64,
    total: u64,
    done: u64,
    previous: Option<String>,
    next: Option<String>,
    state: &'static str,
    badge: &'static str,
    recused: bool,
    /// Whether marks are taken now.
    open: bool,
    criteria: Vec<CriterionView>,
    comment: String,
    given: Option<Points>,
    alert: Option<String>,
}

struct CriterionView {
    field: String,
    name: String,
    weight: u8,
    marks: Vec<MarkView>,
    missing: bool,
}

struct MarkView {
    value: String,
    checked: bool,
}

/// What was typed, as it came.
type Typed = Vec<(String, String)>;

/// Why a sheet is not taken.
enum Fault {
    Marks(Vec<CriterionId>),
    NoMark,
    Comment,
    NotOpen(PanelStage),
    Recused,
}

async fn show(
    State(app): State<AppState>,
    operator: Operator,
    frame: Frame,
    Path((panel, key)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (seen, sheet) = sheet_of(&app, &operator, &panel, &key).await?;
    let template = SheetPage::new(&app, frame, &seen, &key, &sheet);
    let shown = page(&template.frame, &template)?;
    with_clip(&app, shown).await
}

async fn save(
    State(app): State<AppState>,
    operator: Operator,
    By(actor): By,
    frame: Frame,
    Path((panel, key)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let (seen, sheet) = sheet_of(&app, &operator, &panel, &key).await?;
    let entry = match entry(&seen, &typed) {
        Ok(entry) => entry,
        Err(fault) => {
            let page = again(&app, frame, &seen, &key, &sheet, &typed, &fault)?;
            return with_clip(&app, page).await;
        }
    };
    let store = &app.operations.store;
    let saved = store.save_sheet(seen.panel.id, operator.id, &key, &entry, &actor).await;
    let fault = match saved {
        Ok(_) if value(&typed, "auto").is_some() => {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        Ok(state) => {
            let seen = panel_of(&app, &operator, &panel).await?;
            return Ok(onward(&seen, &key, entry.intent, state));
        }
        Err(SaveError::NotFound) => return Err(Refusal::new(Reason::NotFound)),
        Err(SaveError::Store(error)) => return Err(Refusal::internal(error)),
        Err(SaveError::Incomplete(missing)) => Fault::Marks(missing),
        Err(SaveError::NotOpen(stage)) => Fault::NotOpen(stage),
        Err(SaveError::Recused) => Fault::Recused,
    };
    let page = again(&app, frame, &seen, &key, &sheet, &typed, &fault)?;
    with_clip(&app, page).await
}

/// Lets a page load what lies in storage.
async fn with_clip(app: &AppState, mut page: Response) -> Result<Response, Refusal> {
    let origin = origin(app).await.map_err(Refusal::internal)?;
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(None, Some(&origin)));
    Ok(page)
}

/// A juror's sheet, with the panel around it.
pub async fn sheet_of(
    app: &AppState,
    operator: &Operator,
    panel: &str,
    key: &str,
) -> Result<(JurorPanel, Sheet), Refusal> {
    let seen = panel_of(app, operator, panel).await?;
    let sheet = app.operations.store.sheet(&seen, operator.id, key).await;
    let sheet = sheet.map_err(Refusal::internal)?.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    Ok((seen, sheet))
}

/// A finished video leads to the next one.
fn onward(seen: &JurorPanel, key: &str, intent: SheetIntent, state: SheetState) -> Response {
    let all = format!("/console/jury/score/{}", seen.panel.id);
    let here = format!("{all}/{key}");
    let next = || match seen.next_open(Some(key)) {
        Some(sheet) => (format!("{all}/{}", sheet.key), Notice::SHEET_FINISHED),
        None => (all.clone(), Notice::PANEL_FINISHED),
    };
    let (path, notice) = match (intent, state) {
        (SheetIntent::Finish | SheetIntent::Recuse, _) => next(),
        (SheetIntent::Keep | SheetIntent::Return, _) => (here, Notice::SHEET_KEPT),
    };
    notice.at(&path).into_response()
}

fn value<'t>(typed: &'t Typed, name: &str) -> Option<&'t str> {
    typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

fn entry(seen: &JurorPanel, typed: &Typed) -> Result<SheetEntry, Fault> {
    let marks = seen.panel.criteria.iter().filter_map(|criterion| {
        let text =
            value(typed, &format!("{MARK}{}", criterion.id)).filter(|text| !text.is_empty())?;
        Some(text.parse().map(|mark| (criterion.id, mark)))
    });
    let marks: Result<HashMap<_, Mark>, InvalidMark> = marks.collect();
    let comment = value(typed, "comment").unwrap_or_default().parse::<Comment>();
    Ok(SheetEntry {
        marks: marks.map_err(|_| Fault::NoMark)?,
        comment: comment.map_err(|_| Fault::Comment)?,
        intent: match value(typed, "intent") {
            Some("finish") => SheetIntent::Finish,
            Some("recuse") => SheetIntent::Recuse,
            Some("return") => SheetIntent::Return,
            _ => SheetIntent::Keep,
        },
    })
}

/// The page again, with what was typed and what is wrong with it.
fn again(
    app: &AppState,
    frame: Frame,
    seen: &JurorPanel,
    key: &str,
    sheet: &Sheet,
    typed: &Typed,
    fault: &Fault,
) -> Result<Response, Refusal> {
    let mut template = SheetPage::new(app, frame, seen, key, sheet);
    if let Some(comment) = value(typed, "comment") {
        comment.clone_into(&mut template.comment);
    }
    for criterion in &mut template.criteria {
        let Some(typed) = value(typed, &criterion.field) else { continue };
        for mark in &mut criterion.marks {
            mark.checked = mark.value == typed;
        }
    }
    if let Fault::Marks(missing) = fault {
        for (view, criterion) in template.criteria.iter_mut().zip(&seen.panel.criteria) {
            view.missing = missing.contains(&criterion.id);
        }
    }
    let (status, message) = fault.told();
    template.alert = Some(template.frame.say(message).into_owned());
    page_with_status(status, &template.frame, &template)
}

impl Fault {
    fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Marks(_) => (StatusCode::UNPROCESSABLE_ENTITY, "jury-fault-missing"),
            Self::NoMark => (StatusCode::UNPROCESSABLE_ENTITY, "jury-fault-mark"),
            Self::Comment => (StatusCode::UNPROCESSABLE_ENTITY, "jury-fault-comment"),
            Self::NotOpen(PanelStage::Ahead) => (StatusCode::CONFLICT, "jury-fault-ahead"),
            Self::NotOpen(_) => (StatusCode::CONFLICT, "jury-fault-closed"),
            Self::Recused => (StatusCode::CONFLICT, "jury-fault-recused"),
        }
    }
}

impl SheetPage {
    const COMMENT_CHARS: usize = Comment::MAX_CHARS;
    /// What the script says.
    const WORDS: &[&str] = &["jury-saved", "jury-unsaved", "jury-signed-out"];

    fn new(app: &AppState, frame: Frame, seen: &JurorPanel, key: &str, sheet: &Sheet) -> Self {
        let all = format!("/console/jury/score/{}", seen.panel.id);
        let at = seen.position(key).unwrap_or_default();
        let link = |at: Option<usize>| {
            at.and_then(|at| seen.sheets.get(at)).map(|sheet| format!("{all}/{}", sheet.key))
        };
        let (state, badge) = state(sheet.state);
        let criteria = seen.panel.criteria.iter().map(|criterion| CriterionView {
            field: format!("{MARK}{}", criterion.id),
            name: criterion.name.clone(),
            weight: criterion.weight,
            marks: MarkView::all(sheet.marks.get(&criterion.id).copied()),
            missing: false,
        });
        Self {
            panel: seen.panel.name.clone(),
            here: format!("{all}/{key}"),
            number: at as u64 + 1,
            total: seen.sheets.len() as u64,
            done: seen.done() as u64,
            previous: link(at.checked_sub(1)),
            next: link(Some(at + 1)),
            state,
            badge,
            recused: sheet.state == SheetState::Recused,
            open: seen.panel.stage(app.operations.clock.now()) == PanelStage::Open,
            criteria: criteria.collect(),
            comment: sheet.comment.clone(),
            given: sheet.total.map(Total::points),
            alert: None,
            frame,
        }
    }

    fn all(&self) -> &str {
        self.here.rsplit_once('/').map_or(&self.here, |(all, _)| all)
    }
}

impl MarkView {
    fn all(given: Option<Mark>) -> Vec<Self> {
        let view = |mark: Mark| Self { value: mark.to_string(), checked: given == Some(mark) };
        Mark::all().map(view).collect()
    }
}
