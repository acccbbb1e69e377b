//! The pieces of the page that change: the page is made of them, and what is
//! new in them is sent to those who look at it.

use std::{sync::Arc, time::Duration};

use anb_ops::{ScalingActivity, ScalingState, ServicesNow};
use anb_store::{FailureCount, StoreError, Worker};
use askama::Template;

use super::{
    alerts::{Alert, alerts},
    charts::{self, ChartFragment},
    figures::{self, History, Now, ServicesSeen},
    span::Span,
    states::{InState, in_states},
    tiles::{Tile, Tiles},
};
use crate::{frame::Frame, state::AppState};

/// A piece of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// Of the element that it lies in.
    pub id: String,
    pub html: String,
}

/// The pieces, as the page has them.
pub struct Fragments {
    pub as_of: Fragment,
    /// One below the other.
    pub above: Vec<Fragment>,
    /// Side by side where there is room.
    pub charts: Vec<Fragment>,
    pub below: Vec<Fragment>,
}

/// What the fragments are made from.
struct Parts<'a> {
    app: &'a AppState,
    frame: &'a Frame,
    now: Arc<Now>,
    history: Arc<History>,
    services: Option<Arc<ServicesSeen>>,
}

#[derive(thiserror::Error, Debug)]
pub enum FragmentError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Template(#[from] askama::Error),
}

/// Everything that the page shows, no older than `max_age`.
pub async fn fragments(
    app: &AppState,
    frame: &Frame,
    span: Span,
    max_age: Duration,
) -> Result<Fragments, FragmentError> {
    let (now, history, services) = tokio::join!(
        figures::now(app, max_age),
        figures::history(app, span),
        figures::services(app)
    );
    let parts = Parts { app, frame, now: now?, history: history?, services };
    Ok(parts.rendered()?)
}

impl Fragments {
    pub fn all(self) -> impl Iterator<Item = Fragment> {
        [self.as_of].into_iter().chain(self.above).chain(self.charts).chain(self.below)
    }
}

impl Parts<'_> {
    fn rendered(&self) -> askama::Result<Fragments> {
        let (frame, now) = (self.frame, self.now.as_ref());
        let tiles = Tiles { frame, now, history: &self.history };
        let queue = tiles.of_queue();
        let mut above = vec![
            piece("alerts", &Alerts { frame, alerts: alerts(frame, now) })?,
            piece("videos", &Videos { frame, states: in_states(now) })?,
            piece(
                "span",
                &Figures { frame, title: "overview-flow", tiles: tiles.of_span(self.app) },
            )?,
        ];
        if !queue.is_empty() {
            above.push(piece("queue", &Figures { frame, title: "overview-queue", tiles: queue })?);
        }
        above.push(piece(
            "workers",
            &Workers { frame, tiles: tiles.of_workers(), each: &now.workers },
        )?);
        if let Some(services) = &self.services {
            above.push(piece("services", &OnEcs { frame, seen: services.as_ref().as_ref() })?);
        }
        let charts = charts::all(self.app, now, &self.history).into_iter().map(|plan| {
            piece(&format!("chart-{}", plan.id), &ChartFragment::of(frame, &self.history, plan))
        });
        let failures = &self.history.failures;
        Ok(Fragments {
            as_of: piece("as-of", &AsOf { frame, now })?,
            above,
            charts: charts.collect::<askama::Result<_>>()?,
            below: vec![piece("failures", &Failures { frame, failures })?],
        })
    }
}

fn piece(name: &str, template: &impl Template) -> askama::Result<Fragment> {
    Ok(Fragment { id: format!("live-{name}"), html: template.render()? })
}

#[derive(Template)]
#[template(path = "overview/as_of.html")]
struct AsOf<'a> {
    frame: &'a Frame,
    now: &'a Now,
}

#[derive(Template)]
#[template(path = "overview/alerts.html")]
struct Alerts<'a> {
    frame: &'a Frame,
    alerts: Vec<Alert>,
}

#[derive(Template)]
#[template(path = "overview/videos.html")]
struct Videos<'a> {
    frame: &'a Frame,
    states: Vec<InState>,
}

#[derive(Template)]
#[template(path = "overview/figures.html")]
struct Figures<'a> {
    frame: &'a Frame,
    /// The message above them.
    title: &'static str,
    tiles: Vec<Tile>,
}

#[derive(Template)]
#[template(path = "overview/workers.html")]
struct Workers<'a> {
    frame: &'a Frame,
    tiles: Vec<Tile>,
    each: &'a [Worker],
}

#[derive(Template)]
#[template(path = "overview/services.html")]
struct OnEcs<'a> {
    frame: &'a Frame,
    /// `None`: AWS does not tell.
    seen: Option<&'a ServicesNow>,
}

#[derive(Template)]
#[template(path = "overview/failures.html")]
struct Failures<'a> {
    frame: &'a Frame,
    failures: &'a [FailureCount],
}

/// The message that says how far an activity is.
fn progress(activity: &ScalingActivity) -> &'static str {
    match activity.state {
        ScalingState::UnderWay => "overview-scaling-under-way",
        ScalingState::Done => "overview-scaling-done",
        ScalingState::Failed => "overview-scaling-failed",
    }
}
