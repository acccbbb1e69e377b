//! `POST /console/contest/parts/{part}`: shows what would change; sent from there
//! once more, it changes it.

use std::{collections::BTreeMap, sync::Arc};

use anb_config::ContestDocument;
use anb_contest::{ChangeError, ContestNow, differences};
use anb_design::{figures, markdown};
use anb_domain::Language;
use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::Value;

use super::{
    categories,
    fields::{self, Part, label},
    show::{self, Course},
    typed::Typed,
};
use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page_with_status},
    notice::Notice,
    refusal::{Reason, Refusal},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/contest/parts/{part}", change)
}

/// What would change, and from which version.
#[derive(Template)]
#[template(path = "contest_change.html")]
struct ChangePage<'a> {
    frame: &'a Frame,
    /// Where it is sent once more.
    action: &'a str,
    fields: Vec<(&'a str, &'a str)>,
    version: u64,
    changes: Vec<Change>,
    /// What somebody else has changed since the form was opened.
    theirs: Option<Vec<Change>>,
    /// Where the contest would be then.
    course: Course,
    publishes: bool,
    /// Whether that was not said to be meant.
    unsure: bool,
    /// Why it cannot be.
    faults: Vec<String>,
}

/// A setting before and after.
pub struct Change {
    pub label: Option<&'static str>,
    pub name: String,
    pub before: Told,
    pub after: Told,
}

/// A value as people read it.
pub struct Told {
    pub text: String,
    /// What becomes of it on a page: of texts in Markdown.
    pub html: Option<String>,
}

impl Change {
    pub fn sides(&self) -> [&Told; 2] {
        [&self.before, &self.after]
    }
}

async fn change(
    State(app): State<AppState>,
    frame: Frame,
    By(actor): By,
    Path(part): Path<String>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, Refusal> {
    let part = Part::of(&part).ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let mut typed = Typed::from(typed);
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    let document = now.document.clone();
    let document = if typed.is_set("reset") {
        part.out_of(document)
    } else {
        part.into(document, &mut typed, app.operations.clock.now())
    };
    let after = app.contest.files().with(now.number, document.clone());
    let faults = app.contest.faults(&now, &after).await.map_err(Refusal::internal)?;
    typed.faults.extend(faults.iter().map(fields::fault));
    if !typed.faults.is_empty() {
        return show::again(&app, &frame, now, part, &typed);
    }
    let action = format!("/console/contest/parts/{}", part.name());
    let wish = Wish { action: &action, typed: &typed, document, after };
    wish.grant(&app, &frame, &actor, &now).await
}

/// A change that is possible.
pub struct Wish<'a> {
    pub action: &'a str,
    pub typed: &'a Typed,
    pub document: ContestDocument,
    pub after: ContestNow,
}

impl Wish<'_> {
    /// Makes it, if it was seen and confirmed; otherwise shows it.
    pub async fn grant(
        self,
        app: &AppState,
        frame: &Frame,
        actor: &anb_store::Actor,
        now: &Arc<ContestNow>,
    ) -> Result<Response, Refusal> {
        let base = self.typed.number_or("version", now.number);
        let sure = self.typed.is_set("sure");
        let unsure = sure && self.publishes(now) && !self.typed.is_set("publish");
        if !sure || unsure || base != now.number {
            return self.ask(app, frame, now, base, unsure).await;
        }
        match app.contest.change(actor, base, self.document.clone()).await {
            Ok(_) => Ok(Notice::CONTEST_CHANGED.at("/console/contest").into_response()),
            Err(ChangeError::Stale | ChangeError::Impossible(_)) => {
                let now = app.contest.latest().await.map_err(Refusal::internal)?;
                self.ask(app, frame, &now, base, false).await
            }
            Err(error) => Err(Refusal::internal(error)),
        }
    }

    /// The ranking would be final, or at another time.
    fn publishes(&self, now: &ContestNow) -> bool {
        let published = self.after.results_published_at;
        published.is_some() && published != now.results_published_at
    }

    async fn ask(
        &self,
        app: &AppState,
        frame: &Frame,
        now: &Arc<ContestNow>,
        base: u64,
        unsure: bool,
    ) -> Result<Response, Refusal> {
        let stale = base != now.number;
        let began = if stale { version(app, base).await? } else { None };
        let faults = app.contest.faults(now, &self.after).await.map_err(Refusal::internal)?;
        let template = ChangePage {
            frame,
            action: self.action,
            fields: self.typed.others(&["version", "sure", "publish"]),
            version: now.number,
            changes: changes(now, &self.after, frame.language),
            theirs: began.map(|began| changes(&began, now, frame.language)),
            course: Course::of(frame, &self.after, app.operations.clock.now()),
            publishes: self.publishes(now),
            unsure,
            faults: faults.iter().map(|fault| fields::fault(fault).told(frame)).collect(),
        };
        let status = match (stale, unsure || !template.faults.is_empty()) {
            (true, _) => StatusCode::CONFLICT,
            (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
            (false, false) => StatusCode::OK,
        };
        page_with_status(status, frame, &template)
    }
}

/// The contest as a version had it.
pub async fn version(app: &AppState, number: u64) -> Result<Option<ContestNow>, Refusal> {
    if number == 0 {
        return Ok(Some(app.contest.files().clone()));
    }
    let version = app.operations.store.contest_version(number).await.map_err(Refusal::internal)?;
    let document = version.map(|version| serde_json::from_value(version.document)).transpose();
    let document = document.map_err(Refusal::internal)?;
    Ok(document.map(|document| app.contest.files().with(number, document)))
}

pub fn changes(before: &ContestNow, after: &ContestNow, language: Language) -> Vec<Change> {
    let changes = differences(before, after).into_iter();
    changes
        .map(|(name, before, after)| Change {
            label: label(&name),
            before: Told::of(&name, before, language),
            after: Told::of(&name, after, language),
            name,
        })
        .collect()
}

/// A drawing has many letters, which tell nobody anything.
const LONGEST: usize = 4000;

impl Told {
    fn of(name: &str, value: Value, language: Language) -> Self {
        let text = match value {
            Value::Null => String::new(),
            Value::Array(_) if name == "categories" => {
                categories::write(&serde_json::from_value::<Vec<_>>(value).unwrap_or_default())
            }
            Value::String(text) => text,
            other => other.to_string(),
        };
        let html = name.contains("_text.").then(|| markdown::to_html(&text));
        let text = match text.parse::<f64>() {
            Ok(weight) if name == "jury.weight" => format!("{} %", (weight * 100.0).round()),
            _ => text,
        };
        let moment = text.parse::<DateTime<Utc>>().ok().filter(|_| name.ends_with("_at"));
        let text = match moment {
            Some(at) => figures::moment(at, language),
            None if name.ends_with("_svg") && !text.is_empty() => format!("SVG, {} B", text.len()),
            None => text.chars().take(LONGEST).collect(),
        };
        Self { text, html: html.filter(|html| !html.is_empty()) }
    }
}
