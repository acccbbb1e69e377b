//! The parts of the overview: the page is made of them, and those that have
//! changed are sent to whoever looks at it.

use std::{borrow::Cow, sync::Arc, time::Duration};

use anb_ops::{ScalingActivity, ScalingState, ServicesNow};
use anb_store::{FailureCount, Worker};
use askama::Template;

use super::{
    alerts::{Alert, alerts},
    charts::{self, ChartFragment},
    figures::{self, History, Now, ServicesSeen},
    span::Span,
    states::{InState, in_states},
    tiles::{Tile, Tiles},
};
use crate::{frame::Frame, live::Part, refusal::Refusal, state::AppState};

/// The parts, as the page has them.
pub struct Parts {
    pub as_of: Part,
    /// One below the other.
    pub above: Vec<Part>,
    /// Side by side where there is room.
    pub charts: Vec<Part>,
    pub below: Vec<Part>,
}

/// What they are made from.
struct Source<'a> {
    app: &'a AppState,
    frame: &'a Frame,
    now: Arc<Now>,
    history: Arc<History>,
    services: Option<Arc<ServicesSeen>>,
}

impl Parts {
    /// Everything that the page shows, no older than `max_age`.
    pub async fn of(
        app: &AppState,
        frame: &Frame,
        span: Span,
        max_age: Duration,
    ) -> Result<Self, Refusal> {
        let (now, history, services) = tokio::join!(
            figures::now(app, max_age),
            figures::history(app, span),
            figures::services(app)
        );
        let now = now.map_err(Refusal::internal)?;
        let history = history.map_err(Refusal::internal)?;
        let source = Source { app, frame, now, history, services };
        source.drawn().map_err(Refusal::internal)
    }

    pub fn all(self) -> Vec<Part> {
        [vec![self.as_of], self.above, self.charts, self.below].concat()
    }
}

impl Source<'_> {
    fn drawn(&self) -> askama::Result<Parts> {
        let (frame, now, history) = (self.frame, self.now.as_ref(), self.history.as_ref());
        let charts = charts::all(self.app, now, history).into_iter().map(|plan| {
            part(format!("chart-{}", plan.id), &ChartFragment::of(frame, history, plan))
        });
        Ok(Parts {
            as_of: part("as-of", &AsOf { frame, now })?,
            above: self.above()?,
            charts: charts.collect::<askama::Result<_>>()?,
            below: vec![part("failures", &Failures { frame, failures: &history.failures })?],
        })
    }

    /// Queue and services only where they answer and are.
    fn above(&self) -> askama::Result<Vec<Part>> {
        let (frame, now) = (self.frame, self.now.as_ref());
        let tiles = Tiles { frame, now, history: &self.history };
        let flow = Figures { frame, title: "overview-flow", tiles: tiles.of_span(self.app) };
        let queue = Figures { frame, title: "overview-queue", tiles: tiles.of_queue() };
        let mut above = vec![
            part("alerts", &Alerts { frame, alerts: alerts(frame, now) })?,
            part("videos", &Videos { frame, states: in_states(now) })?,
            part("span", &flow)?,
        ];
        if !queue.tiles.is_empty() {
            above.push(part("queue", &queue)?);
        }
        let workers = Workers { frame, tiles: tiles.of_workers(), each: &now.workers };
        above.push(part("workers", &workers)?);
        if let Some(services) = &self.services {
            above.push(part("services", &OnEcs { frame, seen: services.as_ref().as_ref() })?);
        }
        Ok(above)
    }
}

fn part(name: impl Into<Cow<'static, str>>, template: &impl Template) -> askama::Result<Part> {
    Ok(Part::new(name, template.render()?))
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
