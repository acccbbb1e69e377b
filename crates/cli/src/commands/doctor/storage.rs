//! Writes an object, reads it back and removes it.

use anb_blob::BlobError;
use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{Ailment, Check};
use crate::platform::Platform;

const PROBE: &[u8] = b"anb-video doctor";

pub async fn check(platform: &Platform) -> Check {
    let folder = platform.settings.objects_dir();
    let outcome = match round_trip(platform).await {
        Ok(()) => Ok(format!("{}: written, read and deleted", folder.display())),
        Err(error) => {
            let remedy =
                format!("make {} writable for this user, with room left", folder.display());
            Err(Ailment::new(format!("{error:#}"), remedy))
        }
    };
    Check::new("storage", outcome)
}

/// The key is not of the kind that the reconciler looks after.
async fn round_trip(platform: &Platform) -> anyhow::Result<()> {
    let blobs = &platform.blobs;
    let key = format!("{}doctor-{}", platform.layout.uploads_prefix(), platform.ids.sortable());
    let source = stream::once(async { Ok(Bytes::from_static(PROBE)) }).boxed();
    blobs.put(&key, "text/plain", source).await.context("cannot write")?;
    let read = blobs.get(&key, None).await.context("cannot read")?;
    let parts: Vec<Bytes> = read.stream.try_collect().await.context("cannot read")?;
    blobs.delete(&key).await.context("cannot delete")?;
    ensure!(parts.concat() == PROBE, "what was read is not what was written");
    let gone = matches!(blobs.head(&key).await, Err(BlobError::NotFound(_)));
    ensure!(gone, "a deleted object is still there");
    Ok(())
}
