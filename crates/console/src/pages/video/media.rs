//! Original and result side by side, by signed links that soon expire.

use std::time::Duration;

use anb_blob::{BlobError, LinkOptions};
use anb_domain::{VideoStatus, keys::ResultFile};
use anb_http::page::policy;
use anb_store::Video;
use askama::Template;
use http::HeaderValue;

use crate::{frame::Frame, live::Part, refusal::Refusal, state::AppState};

/// Long enough to watch both.
const LIFE: Duration = Duration::from_mins(30);

/// What browsers play by themselves; of the rest some may play.
const PLAYABLE: [&str; 2] = ["video/mp4", "video/webm"];

pub struct Media {
    /// Stays the same as long as it is about the same objects.
    key: String,
    original: Option<Original>,
    result: Option<Made>,
    origin: Option<String>,
}

struct Original {
    link: String,
    download: String,
    content_type: String,
    is_playable: bool,
}

/// What has become of a clip.
pub struct Made {
    pub link: String,
    pub poster: String,
    posters: Vec<String>,
}

#[derive(Template)]
#[template(path = "video/media.html")]
struct MediaPart<'f> {
    frame: &'f Frame,
    media: &'f Media,
}

impl Media {
    pub async fn of(app: &AppState, video: &Video) -> Result<Self, BlobError> {
        use VideoStatus::{Completed, Deleted, Uploading};
        let is_there = !matches!(video.status, Uploading | Deleted);
        let original = if is_there { Some(Original::of(app, video).await?) } else { None };
        let result =
            if video.status == Completed { Some(Made::of(app, video).await?) } else { None };
        let origin = original.as_ref().and_then(|original| origin(&original.link));
        Ok(Self { key: format!("{} {}", video.status, video.attempt), original, result, origin })
    }

    pub fn policy(&self) -> HeaderValue {
        policy(None, self.origin.as_deref())
    }

    pub fn html(&self, frame: &Frame) -> Result<String, Refusal> {
        MediaPart { frame, media: self }.render().map_err(Refusal::internal)
    }

    pub fn part(&self, frame: &Frame) -> Result<Part, Refusal> {
        // Signed anew at every look, but sent again only with new objects.
        let key = match self.original {
            Some(_) => self.key.clone(),
            None => String::new(),
        };
        Ok(Part { name: "media".into(), key, html: self.html(frame)? })
    }
}

impl Original {
    async fn of(app: &AppState, video: &Video) -> Result<Self, BlobError> {
        let key = app.layout.original(video.id);
        let content_type =
            video.content_type.clone().unwrap_or_else(|| "application/octet-stream".into());
        Ok(Self {
            link: link(app, &key, &content_type, None).await?,
            download: link(app, &key, &content_type, Some(video.id.to_string())).await?,
            is_playable: PLAYABLE.contains(&content_type.as_str()),
            content_type,
        })
    }
}

impl Made {
    pub async fn of(app: &AppState, video: &Video) -> Result<Self, BlobError> {
        let signed = async |file: ResultFile| {
            let key = app.layout.result(video.id, video.attempt, file);
            link(app, &key, file.content_type(), None).await
        };
        let (large, small) = (ResultFile::PosterLargeJpeg, ResultFile::PosterSmallJpeg);
        let poster = signed(large).await?;
        Ok(Self {
            link: signed(ResultFile::Video).await?,
            posters: vec![poster.clone(), signed(small).await?],
            poster,
        })
    }
}

async fn link(
    app: &AppState,
    key: &str,
    content_type: &str,
    download_as: Option<String>,
) -> Result<String, BlobError> {
    let options = LinkOptions { expires_in: LIFE, content_type: content_type.into(), download_as };
    Ok(app.blobs.signed_link(key, &options).await?.into())
}

/// What a page may load that shows these.
pub fn policy_for(made: Option<&Made>) -> HeaderValue {
    policy(None, made.and_then(|made| origin(&made.link)).as_deref())
}

fn origin(link: &str) -> Option<String> {
    Some(url::Url::parse(link).ok()?.origin().ascii_serialization())
}
