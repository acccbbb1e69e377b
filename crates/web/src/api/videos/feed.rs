//! `GET /api/videos/events`

use std::{collections::HashMap, convert::Infallible};

use anb_domain::{Language, PlayerId, VideoId};
use anb_store::Video;
use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures::{Stream, StreamExt as _, stream};

use super::events::{StatusEvent, pause, streamed};
use crate::{
    auth::{StreamPlayer, Unauthenticated},
    request::RequestContext,
    state::AppState,
};

/// Streams status and progress of all of the player's own videos (server-sent
/// events), for as long as the client listens. A video that is deleted is told
/// of once more, as `deleted`.
///
/// As with a single video's events, the access token may also be given as
/// `?access_token=`.
#[utoipa::path(
    get, path = "/api/videos/events", tag = "videos", operation_id = "all_video_events",
    params(("access_token" = Option<String>, Query, description = "Instead of the header")),
    security(("bearer" = [])),
    responses(
        (status = OK, description = "An event `status` for each video now and at each change",
            content_type = "text/event-stream", body = StatusEvent),
        Unauthenticated,
    ),
)]
pub async fn feed(
    State(app): State<AppState>,
    context: RequestContext,
    StreamPlayer(player): StreamPlayer,
) -> Response {
    let language = context.language;
    streamed(events(Feed { app, owner: player.id, language, told: None }))
}

/// What one client has been told.
struct Feed {
    app: AppState,
    owner: PlayerId,
    language: Language,
    /// The last event of each video; `None` before the first look.
    told: Option<HashMap<VideoId, StatusEvent>>,
}

fn events(feed: Feed) -> impl Stream<Item = Result<Event, Infallible>> {
    let changes = stream::unfold(feed, async |mut feed| {
        let news = feed.news().await?;
        Some((stream::iter(news), feed))
    });
    changes.flatten().map(|event| Ok(event.to_event()))
}

impl Feed {
    /// Waits until there is something new; `None` when the service stops or the
    /// database does not answer: the browser asks again.
    async fn news(&mut self) -> Option<Vec<StatusEvent>> {
        loop {
            if self.told.is_some() {
                pause(&self.app).await?;
            }
            let videos = self.app.store.videos_of(self.owner).await.ok()?;
            let news = self.compare(&videos).await;
            if !news.is_empty() {
                return Some(news);
            }
        }
    }

    /// What differs from what was told, and is told now.
    async fn compare(&mut self, videos: &[Video]) -> Vec<StatusEvent> {
        let mut before = self.told.take().unwrap_or_default();
        let (mut now, mut news) = (HashMap::new(), Vec::new());
        for video in videos {
            let event = StatusEvent::new(&self.app, video, self.language).await;
            if before.remove(&video.id).as_ref() != Some(&event) {
                news.push(event.clone());
            }
            now.insert(video.id, event);
        }
        news.extend(before.into_keys().map(StatusEvent::deleted));
        self.told = Some(now);
        news
    }
}
