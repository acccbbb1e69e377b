//! `POST /api/videos/upload`

use anb_domain::{Language, VideoStatus};
use anb_store::Video;
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::{CurrentPlayer, Unauthenticated},
    request::RequestContext,
    state::AppState,
    upload::{self, UploadError},
};

/// The form, as it is documented; it is never held in memory.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents the form")]
pub struct UploadRequest {
    /// 1 to 120 characters.
    #[schema(example = "Triple desde el logo")]
    title: String,
    /// The id of one of the contest's categories; needed where it has some.
    #[schema(example = "dunk")]
    category: Option<String>,
    /// The video: MP4, MOV, `WebM`, MKV and the like. A field named `file` is
    /// taken as well.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    video_file: Vec<u8>,
}

/// The video is safe with us.
#[derive(Serialize, ToSchema)]
pub struct UploadAccepted {
    #[schema(example = "Video uploaded. It is being processed.")]
    message: &'static str,
    video_id: Uuid,
    /// The job of processing it: one per video, named like it.
    task_id: Uuid,
    user_id: Uuid,
    #[schema(value_type = String, example = "pending")]
    status: VideoStatus,
}

/// Uploads a video, to be processed and published.
///
/// Once the answer is 201, the video survives whatever happens to us.
#[utoipa::path(
    post, path = "/api/videos/upload", tag = "videos", operation_id = "upload_video",
    security(("bearer" = [])),
    request_body(content = UploadRequest, content_type = "multipart/form-data"),
    responses(
        (status = CREATED, description = "Uploaded", body = UploadAccepted),
        Unauthenticated, UploadError,
    ),
)]
pub async fn upload(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
    form: upload::UploadForm,
) -> Result<(StatusCode, Json<UploadAccepted>), UploadError> {
    let video = upload::accept(&app, player.id, form, context.traceparent).await?;
    Ok((StatusCode::CREATED, Json(UploadAccepted::new(&video, context.language))))
}

impl UploadAccepted {
    /// Says what was promised when the upload was accepted, whatever has become
    /// of the video since.
    #[must_use]
    pub fn new(video: &Video, language: Language) -> Self {
        let message = language
            .pick("Vídeo subido. Lo estamos procesando.", "Video uploaded. It is being processed.");
        Self {
            message,
            video_id: video.id.0,
            task_id: video.id.0,
            user_id: video.owner.0,
            status: VideoStatus::Pending,
        }
    }
}
