//! Where a video stands, what may be done about it, and what has happened.

use anb_domain::{AttemptNo, JobState, VideoId, VideoStatus};
use anb_store::{Attempt, Player, StoreError, Video, VideoEvent};
use askama::Template;

use super::timeline::{Entry, bytes, timeline};
use crate::{frame::Frame, refusal::Refusal, state::AppState, words::state_of_one};

/// All that is known of a video.
pub struct Life {
    pub video: Video,
    attempts: Vec<Attempt>,
    history: Vec<VideoEvent>,
    player: Option<Player>,
    /// Whether it is being made again, or was.
    job: Option<JobState>,
    public_page: String,
}

#[derive(Template)]
#[template(path = "video/now.html")]
struct NowPart<'l> {
    frame: &'l Frame,
    video: &'l Video,
    player: Option<&'l Player>,
    class: &'static str,
    state: &'static str,
    /// As its player reads it, and for operators.
    reason: Option<String>,
    /// The try that may be stopped.
    running: Option<AttemptNo>,
    progress: u8,
    may_retry: bool,
    may_reprocess: bool,
    /// The message that says how its second making stands.
    again: Option<&'static str>,
    size: Option<String>,
    length: Option<String>,
    /// While it is published.
    public_page: Option<&'l str>,
    entries: Vec<Entry<'l>>,
}

impl Life {
    pub async fn of(app: &AppState, id: VideoId) -> Result<Option<Self>, StoreError> {
        let store = &app.operations.store;
        let Some(video) = store.video(id).await? else { return Ok(None) };
        Ok(Some(Self {
            attempts: store.attempts(id).await?,
            history: store.history(id).await?,
            player: store.player(video.owner).await?,
            job: store.reprocessing_of(id).await?.map(|(state, _)| state),
            public_page: public_page(app, id),
            video,
        }))
    }

    pub fn html(&self, frame: &Frame) -> Result<String, Refusal> {
        let video = &self.video;
        let running = self.attempts.iter().find(|attempt| attempt.finished_at.is_none());
        let is_open = self.job.is_some_and(JobState::is_open);
        let part = NowPart {
            frame,
            video,
            player: self.player.as_ref(),
            class: video.status.as_str(),
            state: state_of_one(video.status),
            reason: video.failure.as_ref().map(|failure| failure.sentence(frame.language)),
            running: running.map(|attempt| attempt.no),
            progress: running.map_or(0, |attempt| attempt.progress),
            may_retry: video.status == VideoStatus::Failed,
            may_reprocess: video.status == VideoStatus::Completed && !is_open,
            again: self.job.map(again),
            size: video.size_bytes.map(bytes),
            length: video.duration_s.map(|length_s| format!("{length_s:.1} s")),
            public_page: video.is_public().then_some(&*self.public_page),
            entries: timeline(video, &self.attempts, &self.history, frame.language),
        };
        part.render().map_err(Refusal::internal)
    }
}

fn public_page(app: &AppState, id: VideoId) -> String {
    let site = app.settings.web.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/'));
    format!("{}/videos/{id}", site.unwrap_or_default())
}

fn again(job: JobState) -> &'static str {
    match job {
        JobState::Wanted => "video-again-wanted",
        JobState::Queued => "video-again-queued",
        JobState::Running => "video-again-running",
        JobState::Done => "video-again-done",
        JobState::Kept => "video-again-kept",
        JobState::Dropped => "video-again-dropped",
    }
}
