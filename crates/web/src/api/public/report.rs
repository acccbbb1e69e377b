//! `POST /api/public/videos/{id}/report`

use anb_domain::{PlayerId, Reason, ReportReason, VideoId};
use anb_http::client::ClientKey;
use anb_store::NewReport;
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::OptionalPlayer,
    extract::{ApiJson, Fields, InvalidFields, Raw, VideoPath},
    footprint::SentFrom,
    limits::TooMany,
    problem::{Code, Problem, answers},
    request::RequestContext,
    state::AppState,
};

/// What is wrong with a video.
#[derive(Deserialize, ToSchema)]
pub struct ReportRequest {
    /// `wrong_person`, `offensive`, `not_own`, `copyright` or `other`.
    #[serde(default)]
    #[schema(value_type = String, example = "wrong_person")]
    pub reason: Raw,
    /// In up to 500 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "The one who scores is my brother.")]
    pub note: Raw,
}

/// The report waits to be read.
#[derive(Serialize, ToSchema)]
pub struct Reported {
    #[schema(example = "Thank you. Somebody of the contest will look at it.")]
    message: &'static str,
    video_id: Uuid,
}

#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Fields(#[from] InvalidFields),
    #[error(transparent)]
    Report(#[from] anb_store::ReportError),
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        use anb_store::ReportError as R;
        match error {
            ReportError::TooMany(error) => error.into(),
            ReportError::Fields(error) => error.into(),
            ReportError::Report(R::NotFound) => Self::new(Code::VideoNotFound),
            ReportError::Report(R::AlreadyReported) => Self::new(Code::AlreadyReported),
            ReportError::Report(R::Store(error)) => Self::internal(error),
        }
    }
}

answers!(ReportError:
    MalformedJson, MalformedRequest, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
    VideoNotFound, AlreadyReported, TooManyRequests, Unauthenticated, Internal);

/// Who reports, and from where.
pub struct Visitor<'a> {
    pub player: Option<PlayerId>,
    pub client: ClientKey,
    /// The keyed hash of the network.
    pub network: Option<&'a str>,
}

/// Reports a video to those who run the contest. It stays public until one of
/// them has decided.
///
/// With or without an account; once for each visitor and video.
#[utoipa::path(
    post, path = "/api/public/videos/{id}/report", tag = "public", operation_id = "report_video",
    params(("id" = Uuid, Path, description = "The video")), security((), ("bearer" = [])),
    request_body = ReportRequest,
    responses((status = OK, description = "Taken", body = Reported), ReportError),
)]
pub async fn report(
    State(app): State<AppState>,
    context: RequestContext,
    OptionalPlayer(player): OptionalPlayer,
    SentFrom(from): SentFrom,
    VideoPath(id): VideoPath,
    ApiJson(request): ApiJson<ReportRequest>,
) -> Result<Json<Reported>, ReportError> {
    let visitor = Visitor {
        player: player.map(|player| player.id),
        client: context.client_key(),
        network: from.network.as_deref(),
    };
    take(&app, id, &visitor, request).await?;
    let message = context.language.pick(
        "Gracias. Alguien del concurso lo revisará.",
        "Thank you. Somebody of the contest will look at it.",
    );
    Ok(Json(Reported { message, video_id: id.0 }))
}

/// Takes a report, from the API or from the site.
pub async fn take(
    app: &AppState,
    video: VideoId,
    visitor: &Visitor<'_>,
    request: ReportRequest,
) -> Result<(), ReportError> {
    app.limits.reports.check(&visitor.client)?;
    let (reason, note) = request.check()?;
    let reporter = visitor.player;
    let visitor = match reporter {
        Some(id) => format!("player {id}"),
        None => format!("network {}", visitor.network.unwrap_or_default()),
    };
    let new = NewReport { video, reporter, visitor, reason, note };
    Ok(app.store.report_video(new).await?)
}

impl ReportRequest {
    fn check(self) -> Result<(ReportReason, Option<Reason>), InvalidFields> {
        let mut fields = Fields::default();
        let reason = fields.parse("reason", self.reason);
        // A note may have lines; what is kept is one.
        let said = self.note.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        let note = match said.as_str() {
            "" => Some(None),
            _ => fields.parse("note", Raw::Text(said)).map(Some),
        };
        reason.zip(note).ok_or_else(|| fields.into_error())
    }
}
