//! `/console`: how videos and queue are doing.

use anb_domain::VideoStatus;
use anb_ops::{OperationError, QueueStatus, humanly};
use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    Application, Routes,
    frame::{Frame, page},
    refusal::Refusal,
    state::AppState,
    words::state,
};

/// The states that are shown; tombstones interest nobody.
const SHOWN: [VideoStatus; 6] = [
    VideoStatus::Uploading,
    VideoStatus::Pending,
    VideoStatus::Processing,
    VideoStatus::Completed,
    VideoStatus::Rejected,
    VideoStatus::Failed,
];

/// Of the bar, whose length is divided among the states.
const BAR_LENGTH: u64 = 1000;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    as_of: String,
    total: u64,
    states: Vec<InState>,
    /// What somebody should look at: failed videos, dead letters.
    failed: u64,
    dead: u64,
    /// `None`: it does not answer.
    queue: Option<Queue>,
}

/// The videos in one state.
struct InState {
    /// For the style sheet.
    class: &'static str,
    /// The message that is its name.
    id: &'static str,
    videos: u64,
    link: Option<String>,
    /// Its piece of the bar.
    begins: u64,
    length: u64,
}

/// The queue's figures.
struct Queue {
    waiting: String,
    in_flight: String,
    delayed: String,
    unsent: String,
    oldest: String,
    dead: String,
}

pub fn routes() -> Routes {
    Routes::new(Application::Console).get("/console", overview)
}

async fn overview(State(app): State<AppState>, frame: Frame) -> Result<Response, Refusal> {
    let counted_states = app.operations.store.count_by_status().await.map_err(Refusal::internal)?;
    let status = queue_status(&app).await?;
    let videos_in = |state| {
        counted_states.iter().find(|(known, _)| *known == state).map_or(0, |(_, videos)| *videos)
    };
    let figures = SHOWN.map(|state| (state, videos_in(state)));
    let failed = videos_in(VideoStatus::Failed);
    let dead = status.map_or(0, |status| status.stats.dead);
    let template = OverviewPage {
        as_of: app.operations.clock.now().format("%T UTC").to_string(),
        total: figures.iter().map(|(_, videos)| videos).sum(),
        states: in_states(&figures),
        failed,
        dead,
        queue: status.map(|status| Queue::of(&status, &frame)),
        frame,
    };
    page(&template.frame, &template)
}

/// The page is of use without the queue too.
async fn queue_status(app: &AppState) -> Result<Option<QueueStatus>, Refusal> {
    match app.operations.queue_status().await {
        Ok(status) => Ok(Some(status)),
        Err(OperationError::Queue(error)) => {
            tracing::warn!(%error, "the queue tells no figures");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn in_states(figures: &[(VideoStatus, u64)]) -> Vec<InState> {
    let total = figures.iter().map(|(_, videos)| videos).sum::<u64>().max(1);
    let mut before = 0;
    let mut piece = |videos: u64| {
        let begins = before * BAR_LENGTH / total;
        before += videos;
        (begins, before * BAR_LENGTH / total - begins)
    };
    let listed = |status| matches!(status, VideoStatus::Failed | VideoStatus::Rejected);
    figures
        .iter()
        .map(|&(status, videos)| {
            let (begins, length) = piece(videos);
            InState {
                class: status.as_str(),
                id: state(status),
                videos,
                link: listed(status).then(|| format!("/console/videos?status={status}")),
                begins,
                length,
            }
        })
        .collect()
}

impl Queue {
    fn of(status: &QueueStatus, frame: &Frame) -> Self {
        let QueueStatus { stats, unsent, oldest_age } = status;
        Self {
            waiting: frame.figure(stats.visible),
            in_flight: frame.figure(stats.in_flight),
            delayed: frame.figure(stats.delayed),
            unsent: frame.figure(*unsent),
            oldest: oldest_age.map_or_else(|| "–".to_owned(), humanly),
            dead: frame.figure(stats.dead),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_divided_without_gaps() {
        let figures = [
            (VideoStatus::Pending, 1),
            (VideoStatus::Completed, 2),
            (VideoStatus::Rejected, 0),
            (VideoStatus::Failed, 4),
        ];
        let pieces: Vec<_> =
            in_states(&figures).iter().map(|piece| (piece.begins, piece.length)).collect();
        assert_eq!(pieces, [(0, 142), (142, 286), (428, 0), (428, 572)]);
        let none = in_states(&[(VideoStatus::Pending, 0)]);
        assert_eq!(none[0].length, 0);
    }
}
