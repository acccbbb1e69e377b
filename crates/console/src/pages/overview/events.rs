//! `/console/overview/events`: what is new on the page, for as long as somebody
//! looks at it. All who look share the same figures; see [`super::fresh`].

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    time::Duration,
};

use axum::{
    extract::{Query, State},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, stream};
use http::{HeaderMap, HeaderName, header};

use super::{
    Choice,
    fragments::{Fragment, fragments},
    span::Span,
};
use crate::{frame::Frame, session, state::AppState};

/// Where it lies.
pub const PATH: &str = "/console/overview/events";

/// Pause between two looks.
const PAUSE: Duration = Duration::from_secs(5);

/// What others who look have been told a moment ago is told again.
const MAX_AGE: Duration = Duration::from_secs(4);

/// Asks reverse proxies to hand events on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

pub async fn events(
    State(app): State<AppState>,
    frame: Frame,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    let viewer = Viewer { app, frame, headers, span: choice.span(), told: None };
    let uncached = [(header::CACHE_CONTROL, "no-store"), (X_ACCEL_BUFFERING, "no")];
    (uncached, Sse::new(news(viewer)).keep_alive(KeepAlive::default())).into_response()
}

/// Somebody who looks at the page, and what they have been told.
struct Viewer {
    app: AppState,
    frame: Frame,
    /// With these the session is looked up again.
    headers: HeaderMap,
    span: Span,
    told: Option<HashMap<String, String>>,
}

fn news(viewer: Viewer) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(viewer, async |mut viewer| {
        let event = viewer.news().await?;
        Some((Ok(event), viewer))
    })
}

impl Viewer {
    /// Waits until there is something new; `None` when the service stops, the
    /// session has ended or the database does not answer: the browser asks
    /// again.
    async fn news(&mut self) -> Option<Event> {
        loop {
            if self.told.is_some() {
                self.pause().await?;
            }
            if !session::is_good(&self.app, &self.headers, PATH).await {
                return None;
            }
            let changed = self.changed().await?;
            if !changed.is_empty() {
                return Event::default().event("overview").json_data(changed).ok();
            }
        }
    }

    async fn pause(&self) -> Option<()> {
        tokio::select! {
            () = self.app.shutdown.cancelled() => None,
            () = tokio::time::sleep(PAUSE) => Some(()),
        }
    }

    /// The fragments that differ from what was told, which they are now.
    async fn changed(&mut self) -> Option<BTreeMap<String, String>> {
        let fragments = fragments(&self.app, &self.frame, self.span, MAX_AGE).await;
        let fragments =
            fragments.inspect_err(|error| tracing::warn!(%error, "no live figures")).ok()?;
        let told = self.told.get_or_insert_default();
        let mut changed = BTreeMap::new();
        for Fragment { id, html } in fragments.all() {
            if told.get(&id) != Some(&html) {
                told.insert(id.clone(), html.clone());
                changed.insert(id, html);
            }
        }
        Some(changed)
    }
}
