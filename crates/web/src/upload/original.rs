//! The file of an upload: looked at, then streamed to storage.

use anb_blob::ByteSource;
use anb_domain::PlayerId;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use multer::Field;

use super::{
    UploadError,
    draft::Draft,
    sniff::{Container, HEAD_BYTES, sniff},
};
use crate::{problem::Sentence, state::AppState};

/// A file that storage holds.
pub struct StoredFile {
    pub size_bytes: u64,
    pub sha256: String,
    pub container: Container,
}

/// Looks at the first bytes, then writes the row and the object, in this
/// order. `draft` is filled as soon as there is something to clean up.
pub async fn store(
    app: &AppState,
    owner: PlayerId,
    mut field: Field<'static>,
    draft: &mut Option<Draft>,
) -> Result<StoredFile, UploadError> {
    let limit = Sentence::too_large(&app.rules());
    let head = head_of(&mut field).await.map_err(|error| UploadError::of_form(error, &limit))?;
    if head.is_empty() {
        return Err(UploadError::Empty);
    }
    let container = sniff(&head).ok_or(UploadError::NotAVideo)?;

    let draft = draft.insert(Draft::begin(app, owner).await?);
    tracing::Span::current().record("video_id", tracing::field::display(draft.id()));
    #[cfg(debug_assertions)]
    fail::fail_point!("web::upload::row_written");

    let stored = app
        .blobs
        .put(&draft.key(), container.content_type, source(head, field))
        .await
        .map_err(|error| UploadError::of_storage(error, &limit))?;
    #[cfg(debug_assertions)]
    fail::fail_point!("web::upload::object_written");
    Ok(StoredFile { size_bytes: stored.size, sha256: stored.sha256, container })
}

/// At least [`HEAD_BYTES`], or the whole file if it is shorter.
async fn head_of(field: &mut Field<'static>) -> Result<Bytes, multer::Error> {
    let mut head = BytesMut::new();
    while head.len() < HEAD_BYTES {
        let Some(piece) = field.chunk().await? else { break };
        head.extend_from_slice(&piece);
    }
    Ok(head.freeze())
}

fn source(head: Bytes, rest: Field<'static>) -> ByteSource {
    stream::once(async { Ok(head) }).chain(rest.map_err(Into::into)).boxed()
}
