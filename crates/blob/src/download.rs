//! Objects on their way to files of this machine.

use std::path::Path;

use futures::TryStreamExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::{BlobError, Download, Stored, digest::Digest, error};

/// Writes what is being read to a new file; on failure there is none.
pub(crate) async fn to_file(download: Download, file: &Path) -> Result<Stored, BlobError> {
    let copied = copy(download, file).await;
    if copied.is_err() {
        // The caller learns why the copy failed; that its torso could not be
        // removed adds nothing, and its work folder goes anyway.
        tokio::fs::remove_file(file).await.ok();
    }
    copied
}

async fn copy(download: Download, file: &Path) -> Result<Stored, BlobError> {
    let key = download.info.key;
    let failed = |error| error::of_file(&key, error);
    let mut stream = download.stream;
    let mut out = tokio::fs::File::create(file).await.map_err(failed)?;
    let mut digest = Digest::default();
    while let Some(chunk) = stream.try_next().await? {
        digest.update(&chunk);
        out.write_all(&chunk).await.map_err(failed)?;
    }
    out.flush().await.map_err(failed)?;
    Ok(digest.finish())
}
