//! `GET /console/contest`: everything, each part as a form.

use std::sync::Arc;

use anb_contest::ContestNow;
use anb_domain::{Phase, contest::Event};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::{
    fields::{FIELDS, Kind, Part, value},
    timeline::Timeline,
    typed::{Typed, Zone},
};
use crate::{
    Application, Routes,
    frame::{Frame, page_with_status},
    refusal::Refusal,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console/contest", show)
}

#[derive(Template)]
#[template(path = "contest.html")]
struct ContestPage<'a> {
    frame: &'a Frame,
    contest: Arc<ContestNow>,
    zone: Zone,
    zones: Vec<Zone>,
    line: Option<Timeline>,
    course: Course,
    sections: Vec<Section>,
    /// Whether the results can be published by a button.
    may_publish: bool,
}

/// Where a contest is, in sentences.
pub struct Course {
    /// The message that names the phase.
    pub phase: &'static str,
    /// What happens next and in how long, and when.
    pub next: Option<(String, DateTime<Utc>)>,
}

struct Section {
    part: Part,
    /// Whether it replaces what the files say.
    replaced: bool,
    fields: Vec<Field>,
}

struct Field {
    name: &'static str,
    label: &'static str,
    kind: Kind,
    value: String,
    /// What stands in the field while it is empty.
    usual: String,
    fault: Option<String>,
}

#[derive(Deserialize)]
struct Wanted {
    zone: Option<i32>,
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let zone = Zone::of(wanted.zone.unwrap_or(0));
    let contest = app.contest.latest().await.map_err(Refusal::internal)?;
    answer(&app, &frame, contest, zone, None)
}

/// The page with a form in it that cannot be taken as it is.
pub fn again(
    app: &AppState,
    frame: &Frame,
    contest: Arc<ContestNow>,
    part: Part,
    typed: &Typed,
) -> Result<Response, Refusal> {
    answer(app, frame, contest, typed.zone(), Some((part, typed)))
}

fn answer(
    app: &AppState,
    frame: &Frame,
    contest: Arc<ContestNow>,
    zone: Zone,
    wrong: Option<(Part, &Typed)>,
) -> Result<Response, Refusal> {
    let now = app.operations.clock.now();
    let sections = Part::ALL.map(|part| {
        let typed = wrong.and_then(|(of, typed)| (of == part).then_some(typed));
        Section::of(frame, part, &contest, zone, typed)
    });
    let course = contest.contest();
    let template = ContestPage {
        line: Timeline::of(&contest, now),
        course: Course::of(frame, &contest, now),
        may_publish: course.phase(now) == Phase::Counting && contest.results_published_at.is_none(),
        sections: sections.into(),
        zones: Zone::all().collect(),
        zone,
        contest,
        frame,
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_with_status(status, frame, &template)
}

impl Section {
    fn of(
        frame: &Frame,
        part: Part,
        contest: &ContestNow,
        zone: Zone,
        typed: Option<&Typed>,
    ) -> Self {
        let rules = contest.rules();
        let fields = FIELDS.iter().filter(|field| field.part == part).map(|field| Field {
            name: field.name,
            label: field.label,
            kind: field.kind,
            value: typed
                .and_then(|typed| typed.raw(field.name).map(ToOwned::to_owned))
                .unwrap_or_else(|| value(field.name, contest, zone)),
            usual: usual(field.name, &rules),
            fault: typed.and_then(|typed| {
                let fault = typed.faults.iter().find(|fault| fault.field == field.name);
                fault.map(|fault| fault.told(frame))
            }),
        });
        let replaced = contest.document.parts().contains(&part.name());
        Self { part, replaced, fields: fields.collect() }
    }
}

/// The rule that is in force while nobody types another.
fn usual(name: &str, rules: &anb_domain::ShowcaseRules) -> String {
    match name {
        "rules.max_size_bytes" => (rules.max_size_bytes as f64 / 1_000_000.0).to_string(),
        "rules.min_duration_s" => rules.min_duration_s.to_string(),
        "rules.max_duration_s" => rules.max_duration_s.to_string(),
        "rules.min_lines" => rules.min_lines.to_string(),
        "rules.max_side" => rules.max_side.to_string(),
        _ => String::new(),
    }
}

impl Course {
    #[must_use]
    pub fn of(frame: &Frame, contest: &ContestNow, now: DateTime<Utc>) -> Self {
        let course = contest.contest();
        let phase = match course.phase(now) {
            Phase::Upcoming => "contest-phase-upcoming",
            Phase::Submissions => "contest-phase-submissions",
            Phase::SubmissionsAndVoting => "contest-phase-both",
            Phase::Pause => "contest-phase-pause",
            Phase::Voting => "contest-phase-voting",
            Phase::Counting => "contest-phase-counting",
            Phase::Results => "contest-phase-results",
        };
        let next = course.next_event(now).map(|(event, at)| {
            let id = match event {
                Event::SubmissionsOpen => "contest-next-submissions-open",
                Event::VotingOpens => "contest-next-voting-opens",
                Event::SubmissionsClose => "contest-next-submissions-close",
                Event::VotingCloses => "contest-next-voting-closes",
                Event::ResultsPublished => "contest-next-results",
            };
            (frame.with(id, "in", until(frame, at - now)), at)
        });
        Self { phase, next }
    }
}

/// The largest unit of which there are two.
fn until(frame: &Frame, left: TimeDelta) -> String {
    let (id, count) = match left.num_minutes() {
        minutes if minutes < 120 => ("contest-minutes", minutes),
        minutes if minutes < 48 * 60 => ("contest-hours", minutes / 60),
        minutes => ("contest-days", minutes / 60 / 24),
    };
    frame.counted(id, count.unsigned_abs())
}
