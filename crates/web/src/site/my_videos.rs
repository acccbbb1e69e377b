//! `/me/videos`: how one's own videos fare.

use anb_blob::BlobError;
use anb_domain::{VideoId, VideoStatus, Visibility, keys::ResultFile};
use anb_store::{PartUpload, Video};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};
use futures::future;

use super::{
    frame::{Frame, page},
    session::Member,
};
use crate::{
    Application, Routes,
    api::videos::{original_link, own_video},
    extract::VideoPath,
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/me/videos", list)
        .get("/me/videos/{id}/original", original)
        .get("/me/videos/{id}/result", result)
}

#[derive(Template)]
#[template(path = "my_videos.html")]
struct MyVideosPage<'a> {
    frame: &'a Frame,
    videos: Vec<MyVideo>,
    uploads: Vec<PartUpload>,
}

impl MyVideosPage<'_> {
    /// What the script says.
    const WORDS: &'static [&'static str] = &["my-videos-place", "my-videos-next", "my-videos-news"];
}

/// One of them.
struct MyVideo {
    id: VideoId,
    title: String,
    /// What it competes in, where the contest asks for that.
    category: Option<String>,
    status: VideoStatus,
    progress: u8,
    place_in_line: Option<u64>,
    uploaded_at: Option<DateTime<Utc>>,
    votes: u64,
    /// Link to its still.
    poster: Option<String>,
    /// Why it was rejected or failed, and what to do.
    failure: Option<String>,
    visibility: Visibility,
    /// What whoever ruled that nobody else sees it had to say.
    reason: Option<String>,
}

impl MyVideo {
    async fn new(app: &AppState, video: Video, frame: &Frame) -> Result<Self, BlobError> {
        let poster = match video.status {
            VideoStatus::Completed => {
                Some(app.page_link(video.id, video.attempt, ResultFile::PosterSmallJpeg).await?)
            }
            _ => None,
        };
        Ok(Self {
            id: video.id,
            place_in_line: app.place_in_line(&video).await,
            status: video.status,
            progress: video.progress,
            uploaded_at: video.uploaded_at,
            votes: video.votes,
            poster,
            failure: video.failure.map(|failure| failure.sentence(frame.language)),
            visibility: video.visibility,
            reason: video.visibility_reason,
            category: video.category.and_then(|id| app.category_name(&id, frame.language)),
            title: video.title,
        })
    }

    fn is_made(&self) -> bool {
        self.status == VideoStatus::Completed
    }

    fn is_public(&self) -> bool {
        self.is_made() && self.visibility == Visibility::Public
    }

    /// Votes cast in good faith keep a video.
    fn may_be_deleted(&self) -> bool {
        !self.is_made() || self.votes == 0
    }

    /// The message that says why its owner alone sees it.
    fn why_not_public(&self) -> Option<&'static str> {
        match self.visibility {
            Visibility::Public => None,
            _ if !self.is_made() => None,
            Visibility::Awaiting => Some("my-videos-awaiting-why"),
            Visibility::Hidden => Some("my-videos-hidden-why"),
            Visibility::Disqualified => Some("my-videos-disqualified-why"),
        }
    }

    /// What its badge looks like: that of a status.
    fn badge(&self) -> &'static str {
        match self.visibility {
            Visibility::Awaiting if self.is_made() => VideoStatus::Pending.as_str(),
            Visibility::Hidden | Visibility::Disqualified if self.is_made() => {
                VideoStatus::Rejected.as_str()
            }
            _ => self.status.as_str(),
        }
    }

    /// The message that names its status.
    fn status_id(&self) -> &'static str {
        match self.status {
            // What is still arriving is listed as an open upload.
            VideoStatus::Uploading | VideoStatus::Pending => "my-videos-pending",
            VideoStatus::Processing => "my-videos-processing",
            VideoStatus::Completed => match self.visibility {
                Visibility::Public => "my-videos-completed",
                Visibility::Awaiting => "my-videos-awaiting",
                Visibility::Hidden => "my-videos-hidden",
                Visibility::Disqualified => "my-videos-disqualified",
            },
            VideoStatus::Rejected => "my-videos-rejected",
            VideoStatus::Failed | VideoStatus::Deleted => "my-videos-failed",
        }
    }
}

async fn list(
    State(app): State<AppState>,
    Member(player): Member,
    frame: Frame,
) -> Result<Response, Problem> {
    let videos = app.store.videos_of(player.id).await.map_err(Problem::internal)?;
    let views = videos.into_iter().map(|video| MyVideo::new(&app, video, &frame));
    let videos = future::try_join_all(views).await.map_err(Problem::internal)?;
    let uploads = app.store.part_uploads_of(player.id).await.map_err(Problem::internal)?;
    page(&frame, &MyVideosPage { frame: &frame, videos, uploads })
}

/// Sends the browser to a fresh link, by which it saves the file.
async fn original(
    State(app): State<AppState>,
    Member(player): Member,
    VideoPath(id): VideoPath,
) -> Result<Redirect, Problem> {
    let video = own_video(&app, id, player.id).await?;
    let link = original_link(&app, &video).await.map_err(Problem::internal)?;
    link.map(|link| Redirect::to(&app.near(link))).ok_or_else(|| Problem::new(Code::FileNotFound))
}

/// The same for the published file.
async fn result(
    State(app): State<AppState>,
    Member(player): Member,
    VideoPath(id): VideoPath,
) -> Result<Response, Problem> {
    let video = own_video(&app, id, player.id).await?;
    if video.status != VideoStatus::Completed {
        return Err(Problem::new(Code::FileNotFound));
    }
    let file = ResultFile::Video;
    let key = app.layout.result(video.id, video.attempt, file);
    let name = Some(format!("{}.mp4", video.title));
    let link = app.link(&key, file.content_type(), name).await.map_err(Problem::internal)?;
    Ok(Redirect::to(&app.near(link)).into_response())
}
