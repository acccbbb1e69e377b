//! The video or the upload that a path names.

use anb_domain::VideoId;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::{
    problem::{Code, Problem},
    state::AppState,
};

/// Extracts `{id}`. What is no id at all names no video either: 404, as for
/// any other id that we do not know.
#[derive(Debug, Clone, Copy)]
pub struct VideoPath(pub VideoId);

/// Extracts `{id}` of an upload, as [`VideoPath`] does.
#[derive(Debug, Clone, Copy)]
pub struct UploadPath(pub VideoId);

impl FromRequestParts<AppState> for VideoPath {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        named(parts, app).await.map(Self).ok_or_else(|| Problem::new(Code::VideoNotFound))
    }
}

impl FromRequestParts<AppState> for UploadPath {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        named(parts, app).await.map(Self).ok_or_else(|| Problem::new(Code::UploadNotFound))
    }
}

async fn named(parts: &mut Parts, app: &AppState) -> Option<VideoId> {
    let params = RawPathParams::from_request_parts(parts, app).await.ok()?;
    let (_, id) = params.iter().find(|(name, _)| *name == "id")?;
    let id = id.parse().ok()?;
    tracing::Span::current().record("video_id", tracing::field::display(id));
    Some(id)
}
