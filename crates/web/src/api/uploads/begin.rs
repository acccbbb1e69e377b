//! `POST /api/uploads`

use std::str::FromStr;

use anb_domain::{InvalidText, PlayerId};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Deserialize;
use thiserror::Error;
use utoipa::ToSchema;

use super::UploadView;
use crate::{
    auth::{CurrentPlayer, Unauthenticated},
    extract::{ApiJson, Fields, InvalidFields, Raw},
    limits::TooMany,
    problem::{Code, FieldProblem, Problem, Sentence, answers},
    state::AppState,
    upload::{
        SubmissionsClosed,
        category::{self, InvalidCategory},
        parts::{self, Arrived, NewFile},
        submissions_open,
    },
};

/// A file to be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct NewUploadRequest {
    #[serde(default)]
    #[schema(value_type = String, max_length = 120, example = "Triple desde el logo")]
    title: Raw,
    /// The id of one of the contest's categories; needed where it has some.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "dunk")]
    category: Raw,
    /// Bytes of the whole file.
    #[serde(default)]
    #[schema(value_type = u64, minimum = 1, example = 20_000_000)]
    size: Raw,
    /// Media type of the file; `application/octet-stream` if you do not know.
    #[serde(default)]
    #[schema(value_type = String, example = "video/mp4")]
    content_type: Raw,
}

#[derive(Debug, Error)]
pub enum BeginUploadError {
    #[error(transparent)]
    Closed(#[from] SubmissionsClosed),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Fields(#[from] InvalidFields),
    #[error("the title is not valid: {0}")]
    Title(InvalidText),
    #[error(transparent)]
    Category(#[from] InvalidCategory),
    #[error("the file is empty")]
    Empty,
    #[error("the file is larger than the limit")]
    TooLarge { limit: Sentence },
    #[error("the file is no video")]
    NotAVideo,
    #[error(transparent)]
    Begin(#[from] parts::BeginError),
    #[error(transparent)]
    Link(#[from] anb_blob::BlobError),
}

impl From<BeginUploadError> for Problem {
    fn from(error: BeginUploadError) -> Self {
        use parts::BeginError as B;
        match error {
            BeginUploadError::Closed(error) => error.into(),
            BeginUploadError::TooMany(error) => error.into(),
            BeginUploadError::Fields(error) => error.into(),
            BeginUploadError::Title(error) => {
                Self::new(Code::InvalidTitle).about(vec![FieldProblem::new("title", error.into())])
            }
            BeginUploadError::Category(error) => error.into(),
            BeginUploadError::Empty => Self::new(Code::EmptyFile),
            BeginUploadError::TooLarge { limit } => Self::new(Code::TooLarge).saying(limit),
            BeginUploadError::NotAVideo => Self::new(Code::NotAVideo),
            BeginUploadError::Begin(B::TooManyOpen(open)) => {
                Self::new(Code::TooManyOpenUploads).saying(Sentence::too_many_open(open))
            }
            BeginUploadError::Begin(B::Gone) => Self::new(Code::UploadNotFound),
            BeginUploadError::Begin(B::Storage(error)) | BeginUploadError::Link(error) => {
                Self::new(Code::StorageUnavailable).because(error)
            }
            BeginUploadError::Begin(error @ (B::Store(_) | B::Task(_))) => Self::internal(error),
        }
    }
}

answers!(BeginUploadError:
    SubmissionsClosed, CrossSite, InvalidTitle, InvalidCategory, EmptyFile, NotAVideo, TooLarge, MalformedJson, MalformedRequest, BodyTooLarge,
    UnsupportedMediaType, ValidationFailed, TooManyOpenUploads, UploadNotFound, TooManyRequests,
    StorageUnavailable, Internal);

/// Opens an upload in parts.
///
/// `PUT` each part to its link, in whatever order, several at a time, again
/// when it breaks; then complete the upload.
#[utoipa::path(
    post, path = "/api/uploads", tag = "uploads", operation_id = "begin_upload",
    security(("bearer" = [])), request_body = NewUploadRequest,
    responses(
        (status = CREATED, description = "Open", body = UploadView),
        Unauthenticated, BeginUploadError,
    ),
)]
pub async fn begin(
    State(app): State<AppState>,
    player: CurrentPlayer,
    ApiJson(request): ApiJson<NewUploadRequest>,
) -> Result<(StatusCode, Json<UploadView>), BeginUploadError> {
    submissions_open(&app)?;
    app.limits.uploads.check(&player.id)?;
    let file = request.check(&app, player.id)?;
    let upload = parts::begin(&app, file).await?;
    let view = UploadView::open(&app, &upload, &Arrived::Nothing).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

impl NewUploadRequest {
    /// Says of title and size what the form upload says.
    fn check(self, app: &AppState, owner: PlayerId) -> Result<NewFile, BeginUploadError> {
        let mut fields = Fields::default();
        let title = fields.text("title", self.title);
        let size = fields.whole("size", &self.size);
        let content_type = fields.parse::<MediaType>("content_type", self.content_type);
        let (Some(title), Some(size), Some(content_type)) = (title, size, content_type) else {
            return Err(fields.into_error().into());
        };
        let title = title.parse().map_err(BeginUploadError::Title)?;
        let category = category::check(app, Some(self.category.as_str()))?;
        if size == 0 {
            return Err(BeginUploadError::Empty);
        }
        if size > app.rules().max_size_bytes {
            return Err(BeginUploadError::TooLarge { limit: Sentence::too_large(&app.rules()) });
        }
        if !content_type.may_be_video() {
            return Err(BeginUploadError::NotAVideo);
        }
        Ok(NewFile { owner, title, category, size_bytes: size, content_type: content_type.0 })
    }
}

/// A media type without its parameters, in lower case
/// ([RFC 9110, section 8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1)).
#[derive(Debug, PartialEq, Eq)]
struct MediaType(String);

/// The text names no media type.
struct InvalidMediaType;

impl From<InvalidMediaType> for Sentence {
    fn from(_: InvalidMediaType) -> Self {
        Self::new("debe ser un tipo como video/mp4", "must be a media type such as video/mp4")
    }
}

impl MediaType {
    /// Longest name that is registered
    /// ([RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)),
    /// on both sides of the slash.
    const MAX_CHARS: usize = 127;

    /// What programs say of a video, and of a file that they do not know.
    fn may_be_video(&self) -> bool {
        self.0.starts_with("video/")
            || matches!(
                self.0.as_str(),
                "application/octet-stream"
                    | "application/mp4"
                    | "application/mxf"
                    | "application/ogg"
                    | "application/x-matroska"
            )
    }
}

impl FromStr for MediaType {
    type Err = InvalidMediaType;

    fn from_str(text: &str) -> Result<Self, InvalidMediaType> {
        let (essence, _parameters) = text.split_once(';').unwrap_or((text, ""));
        let essence = essence.trim().to_ascii_lowercase();
        let is_name = |name: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
            !name.is_empty() && name.len() <= Self::MAX_CHARS && name.chars().all(allowed)
        };
        match essence.split_once('/') {
            Some((kind, name)) if is_name(kind) && is_name(name) => Ok(Self(essence)),
            _ => Err(InvalidMediaType),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_say_of_videos_is_understood() {
        for (text, expected) in [
            ("video/mp4", "video/mp4"),
            ("Video/QuickTime", "video/quicktime"),
            ("video/webm;codecs=vp9,opus", "video/webm"),
            (" video/x-matroska ; a=b", "video/x-matroska"),
            ("application/octet-stream", "application/octet-stream"),
        ] {
            let media_type = text.parse::<MediaType>().ok().unwrap();
            assert_eq!(media_type.0, expected);
            assert!(media_type.may_be_video(), "{text}");
        }
        for picture in ["image/png", "audio/mpeg", "application/pdf", "text/html"] {
            assert!(!picture.parse::<MediaType>().ok().unwrap().may_be_video(), "{picture}");
        }
        let endless = format!("video/{}", "x".repeat(128));
        for nonsense in
            ["", "video", "video/", "/mp4", "video/mp4/x", "vi deo/mp4", "video/\r\n", &endless]
        {
            assert!(nonsense.parse::<MediaType>().is_err(), "{nonsense:?}");
        }
    }
}
