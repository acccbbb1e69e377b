//! Pages that follow what happens: a page is made of parts, and a stream of
//! events sends each part again whenever it has changed. `live.js` puts them in
//! their places.

use std::{borrow::Cow, convert::Infallible, time::Duration};

use axum::{
    extract::{FromRequestParts, MatchedPath},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt as _, stream};
use http::{HeaderMap, HeaderName, header, request::Parts};
use tokio::time::sleep;

use crate::{frame::Frame, refusal::Refusal, session, state::AppState};

/// After which the browser must ask again, and so show who it is.
const STAY: Duration = Duration::from_mins(5);

/// Asks reverse proxies to hand events on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What is shown on a page that follows what happens.
pub trait Live: Send + Sync + 'static {
    /// Between two looks. Figures that cost something are shared by all who
    /// look: see [`Fresh`](crate::fresh::Fresh).
    const EVERY: Duration;

    /// The parts as they are now.
    fn parts(
        &self,
        app: &AppState,
        frame: &Frame,
    ) -> impl Future<Output = Result<Vec<Part>, Refusal>> + Send;
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// In the `data-part` of its element.
    pub name: Cow<'static, str>,
    /// Sent again only when this differs; the part itself may hold links that
    /// are signed anew each time.
    pub key: String,
    pub html: String,
}

impl Part {
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, html: String) -> Self {
        Self { name: name.into(), key: html.clone(), html }
    }
}

/// Extracts who follows a page.
pub struct Watcher {
    app: AppState,
    frame: Frame,
    /// With these the session is looked up again.
    headers: HeaderMap,
    /// The stream's row in the table of access.
    path: String,
}

impl FromRequestParts<AppState> for Watcher {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let path = parts.extensions.get().map_or("", MatchedPath::as_str).to_owned();
        Ok(Self {
            app: app.clone(),
            frame: Frame::from_request_parts(parts, app).await?,
            headers: parts.headers.clone(),
            path,
        })
    }
}

impl Watcher {
    /// Sends the parts of a page, each when it has changed, for as long as
    /// whoever watches is signed in and may.
    pub fn follow(self, live: impl Live) -> Response {
        let uncached = [(header::CACHE_CONTROL, "no-store"), (X_ACCEL_BUFFERING, "no")];
        let stream = Sse::new(self.events(live)).keep_alive(KeepAlive::default());
        (uncached, stream).into_response()
    }

    fn events<L: Live>(self, live: L) -> impl Stream<Item = Result<Event, Infallible>> {
        let looks = STAY.as_secs() / L::EVERY.as_secs().max(1);
        let start = (Vec::new(), 0, self, live);
        let news = stream::unfold(start, move |(told, look, watcher, live)| async move {
            if look > 0 {
                watcher.pause(L::EVERY).await?;
            }
            if look == looks {
                return None;
            }
            let parts = watcher.look(&live).await?;
            let news: Vec<_> = unlike(&parts, &told).map(event).collect();
            Some((stream::iter(news), (parts, look + 1, watcher, live)))
        });
        news.flatten().map(Ok)
    }

    /// `None` when the service stops, or when the session has ended.
    async fn pause(&self, pause: Duration) -> Option<()> {
        tokio::select! {
            () = self.app.shutdown.cancelled() => return None,
            () = sleep(pause) => {}
        }
        session::is_good(&self.app, &self.headers, &self.path).await.then_some(())
    }

    /// `None` when that cannot be told: the browser asks again.
    async fn look(&self, live: &impl Live) -> Option<Vec<Part>> {
        let parts = live.parts(&self.app, &self.frame).await;
        parts.inspect_err(Refusal::log).ok()
    }
}

/// The parts that are not as they were told.
fn unlike<'p>(parts: &'p [Part], told: &'p [Part]) -> impl Iterator<Item = &'p Part> {
    let is_told = |part: &Part| told.iter().any(|old| old.name == part.name && old.key == part.key);
    parts.iter().filter(move |part| !is_told(part))
}

fn event(part: &Part) -> Event {
    // A carriage return would end the line.
    Event::default().event(&*part.name).data(part.html.replace('\r', " "))
}
