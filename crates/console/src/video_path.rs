//! The video that a path names.

use anb_domain::VideoId;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::{
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Extracts `{id}`. What is no id at all names no video either.
#[derive(Debug, Clone, Copy)]
pub struct VideoPath(pub VideoId);

impl FromRequestParts<AppState> for VideoPath {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let Path(id) = Path::<VideoId>::from_request_parts(parts, app)
            .await
            .map_err(|_| Refusal::new(Reason::NotFound))?;
        tracing::Span::current().record("video_id", tracing::field::display(id));
        Ok(Self(id))
    }
}
