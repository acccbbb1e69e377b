//! Pages that follow what happens: a page is made of parts, and a stream of
//! events sends each part again whenever it has changed.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt as _, stream};
use http::{HeaderMap, HeaderName, header};
use tokio::time::sleep;

use crate::{session, state::AppState};

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(1);

/// Looks after which the browser must ask again, and so show who it is.
const LOOKS: u32 = 300;

/// Asks reverse proxies to hand events on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A part of a page, by its name there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub name: &'static str,
    /// Sent again only when this differs; the part itself may hold links that
    /// are signed anew each time.
    pub key: String,
    pub html: String,
}

impl Part {
    #[must_use]
    pub fn new(name: &'static str, html: String) -> Self {
        Self { name, key: html.clone(), html }
    }
}

/// Who follows a page.
pub struct Watcher {
    pub app: AppState,
    /// Of the request, with the session in them.
    pub headers: HeaderMap,
    /// The stream's row in the table of access.
    pub path: &'static str,
}

/// Sends the parts that `look` returns, each when it has changed, for as long as
/// whoever watches is signed in and may. `None` ends the stream too: the browser
/// asks again.
pub fn follow<F>(watcher: Watcher, look: impl Fn() -> F + Send + Sync + 'static) -> Response
where
    F: Future<Output = Option<Vec<Part>>> + Send + 'static,
{
    let events = events(watcher, look);
    let uncached = [(header::CACHE_CONTROL, "no-store"), (X_ACCEL_BUFFERING, "no")];
    (uncached, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}

fn events<F>(
    watcher: Watcher,
    look: impl Fn() -> F + Send + Sync + 'static,
) -> impl Stream<Item = Result<Event, Infallible>>
where
    F: Future<Output = Option<Vec<Part>>> + Send + 'static,
{
    let start = (Vec::<(&'static str, String)>::new(), 0, watcher);
    let changes = stream::unfold((start, look), move |((told, looks, watcher), look)| async move {
        if looks > 0 {
            watcher.next_look().await?;
        }
        if looks == LOOKS {
            return None;
        }
        let parts = look().await?;
        let is_told =
            |part: &&Part| told.iter().any(|(name, key)| *name == part.name && *key == part.key);
        let news: Vec<_> = parts.iter().filter(|part| !is_told(part)).map(event).collect();
        let told = parts.into_iter().map(|part| (part.name, part.key)).collect();
        Some((stream::iter(news), ((told, looks + 1, watcher), look)))
    });
    changes.flatten().map(Ok)
}

fn event(part: &Part) -> Event {
    // A carriage return would end the line.
    Event::default().event(part.name).data(part.html.replace('\r', " "))
}

impl Watcher {
    /// `None` when the service stops, or when the session has ended.
    async fn next_look(&self) -> Option<()> {
        tokio::select! {
            () = self.app.shutdown.cancelled() => return None,
            () = sleep(PERIOD) => {}
        }
        session::is_good(&self.app, &self.headers, self.path).await.then_some(())
    }
}
