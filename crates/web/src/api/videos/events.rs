//! `GET /api/videos/{id}/events`

use std::{convert::Infallible, time::Duration};

use anb_domain::{Language, VideoId, VideoStatus, Visibility};
use anb_store::Video;
use axum::{
    extract::State,
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, stream};
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FailureView, OwnVideoError, own_video};
use crate::{auth::StreamPlayer, extract::VideoPath, request::RequestContext, state::AppState};

/// Pause between two looks at the row. A look is one read by primary key.
const PAUSE: Duration = Duration::from_secs(1);

/// Where a video stands, as the data of an event named `status`.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusEvent {
    video_id: Uuid,
    #[schema(value_type = String, example = "processing")]
    status: VideoStatus,
    /// Percent done.
    #[schema(example = 42, maximum = 100)]
    progress: u8,
    /// While it is `pending`: how many are taken before it, plus one. What to
    /// expect, not a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    place_in_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureView>,
    /// Once it is completed: `public`, `awaiting`, `hidden` or `disqualified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "public")]
    visibility: Option<Visibility>,
}

impl StatusEvent {
    pub async fn new(app: &AppState, video: &Video, language: Language) -> Self {
        Self {
            video_id: video.id.0,
            status: video.status,
            progress: video.progress,
            place_in_line: app.place_in_line(video).await,
            failure: video.failure.as_ref().map(|failure| FailureView::new(failure, language)),
            visibility: (video.status == VideoStatus::Completed).then_some(video.visibility),
        }
    }

    /// The last that there is to tell of a video that is gone.
    #[must_use]
    pub fn deleted(video: VideoId) -> Self {
        Self {
            video_id: video.0,
            status: VideoStatus::Deleted,
            progress: 0,
            place_in_line: None,
            failure: None,
            visibility: None,
        }
    }

    /// Says what has been told, so that a browser that comes back for more
    /// can be told that there is none.
    fn id(&self) -> String {
        format!("{}-{}", self.status, self.progress)
    }

    /// For a stream that does not tell who comes back what is new to them.
    pub fn to_event(&self) -> Event {
        let event = Event::default().event("status");
        event.json_data(self).unwrap_or_else(|_| Event::default())
    }
}

/// Streams status and progress (server-sent events) until the video is
/// completed, rejected, failed or deleted.
///
/// Browsers' `EventSource` cannot send headers: for streams of events, and only
/// for them, the access token may also be given as `?access_token=`.
#[utoipa::path(
    get, path = "/api/videos/{id}/events", tag = "videos", operation_id = "video_events",
    params(
        ("id" = Uuid, Path, description = "The video"),
        ("access_token" = Option<String>, Query, description = "Instead of the header"),
        ("Last-Event-ID" = Option<String>, Header, description = "Sent by browsers that reconnect"),
    ),
    security(("bearer" = [])),
    responses(
        (status = OK, description = "An event `status` now and at each change",
            content_type = "text/event-stream", body = StatusEvent),
        (status = NO_CONTENT, description = "The client has had the last event: do not reconnect"),
        OwnVideoError,
    ),
)]
pub async fn events(
    State(app): State<AppState>,
    context: RequestContext,
    StreamPlayer(player): StreamPlayer,
    VideoPath(id): VideoPath,
    headers: HeaderMap,
) -> Result<Response, OwnVideoError> {
    let video = own_video(&app, id, player.id).await?;
    let first = StatusEvent::new(&app, &video, context.language).await;
    let had =
        headers.get("last-event-id").is_some_and(|had| had.as_bytes() == first.id().as_bytes());
    if had && video.status.is_terminal() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(streamed(changes(app, id, first, context.language)))
}

/// Events as they are sent: at once, and to be kept by nobody.
pub fn streamed(
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let uncached = [(header::CACHE_CONTROL, "no-store"), (X_ACCEL_BUFFERING, "no")];
    (uncached, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}

/// Asks reverse proxies to hand events on at once.
const X_ACCEL_BUFFERING: http::HeaderName = http::HeaderName::from_static("x-accel-buffering");

/// What is yet to be told.
enum Step {
    Tell(StatusEvent),
    Watch(StatusEvent),
}

fn changes(
    app: AppState,
    id: VideoId,
    first: StatusEvent,
    language: Language,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(Step::Tell(first), move |step| {
        let app = app.clone();
        async move {
            let next = match step {
                Step::Tell(event) => event,
                Step::Watch(told) if told.status.is_terminal() => return None,
                Step::Watch(told) => change(&app, id, &told, language).await?,
            };
            Some((Ok(next.to_event().id(next.id())), Step::Watch(next)))
        }
    })
}

/// Waits until there is something new; `None` when the service stops, the row
/// is gone or the database does not answer: the browser asks again.
async fn change(
    app: &AppState,
    id: VideoId,
    told: &StatusEvent,
    language: Language,
) -> Option<StatusEvent> {
    loop {
        pause(app).await?;
        let video = app.store.video(id).await.ok()??;
        let now = StatusEvent::new(app, &video, language).await;
        if now != *told {
            return Some(now);
        }
    }
}

/// Between two looks; `None` when the service stops.
pub async fn pause(app: &AppState) -> Option<()> {
    tokio::select! {
        () = app.shutdown.cancelled() => None,
        () = tokio::time::sleep(PAUSE) => Some(()),
    }
}
