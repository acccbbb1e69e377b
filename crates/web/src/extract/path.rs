//! The video that a path names.

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

impl FromRequestParts<AppState> for VideoPath {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let unknown = || Problem::new(Code::VideoNotFound);
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| unknown())?;
        let (_, id) = params.iter().find(|(name, _)| *name == "id").ok_or_else(unknown)?;
        let id = id.parse().map_err(|_| unknown())?;
        tracing::Span::current().record("video_id", tracing::field::display(id));
        Ok(Self(id))
    }
}
