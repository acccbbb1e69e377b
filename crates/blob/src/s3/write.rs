//! Writes, and how every trace of one that has not ended disappears.

use std::{sync::Arc, time::Duration};

use anb_domain::{IdSource as _, SystemIds};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::{Method, header::ETAG};
use object_store::{
    Attribute, Attributes, GetOptions, MultipartId, ObjectStore as _, PutMultipartOptions,
    aws::AmazonS3,
    multipart::{MultipartStore as _, PartId},
    path::Path as ObjectPath,
};
use serde::Serialize;
use tokio::time::sleep;

use super::{
    Shared,
    calls::{Call, CallError},
    piece::{Piece, Spool},
};
use crate::{BlobError, Stored};

/// Names the write that an object comes from, in its metadata.
const WRITE: &str = "write";
const WRITE_HEADER: &str = "x-amz-meta-write";
/// Parts of a file that are sent at the same time.
const PARALLEL: usize = 3;
/// How often an upload is aborted: parts under way survive it
/// ([AbortMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html)).
const ABORTS: u32 = 5;
const ABORT_PAUSE: Duration = Duration::from_secs(1);

/// Writes what `spool` gives.
pub(super) async fn stream(
    shared: &Arc<Shared>,
    path: &ObjectPath,
    content_type: &str,
    mut spool: Spool,
) -> Result<Stored, BlobError> {
    // The first piece is there in any case.
    let mut next = spool.next().await?;
    if spool.is_over().await? {
        if let Some(only) = next {
            put(shared, path, content_type, only).await?.keep();
        }
        return Ok(spool.finish());
    }
    let upload = Multipart::begin(shared, &shared.checked, path, content_type).await?;
    let sent = async {
        let mut parts = Vec::new();
        for number in 1.. {
            let Some(piece) = next else { break };
            let (part, following) = tokio::try_join!(upload.send(number, &piece), spool.next())?;
            parts.push(part);
            next = following;
        }
        Ok(parts)
    };
    let sent = sent.await;
    upload.end_with(sent).await?;
    Ok(spool.finish())
}

/// Writes a file that has been cut into `pieces`.
pub(super) async fn file(
    shared: &Arc<Shared>,
    path: &ObjectPath,
    content_type: &str,
    mut pieces: Vec<Piece>,
) -> Result<(), BlobError> {
    if pieces.len() < 2 {
        if let Some(only) = pieces.pop() {
            put(shared, path, content_type, only).await?.keep();
        }
        return Ok(());
    }
    let upload = Multipart::begin(shared, &shared.checked, path, content_type).await?;
    let to = &upload;
    let sent = stream::iter((1..).zip(pieces))
        .map(|(number, piece)| async move { to.send(number, &piece).await })
        .buffered(PARALLEL)
        .try_collect()
        .await;
    upload.end_with(sent).await
}

/// Writes an object with one request, which runs to its end even if the caller
/// does not wait for it: only then can it be undone.
async fn put(
    shared: &Arc<Shared>,
    path: &ObjectPath,
    content_type: &str,
    piece: Piece,
) -> Result<Published, BlobError> {
    let published = Published::new(shared, path);
    let mut headers = vec![
        ("content-type", content_type.to_owned()),
        ("x-amz-checksum-sha256", piece.checksum()),
        (WRITE_HEADER, published.write.clone()),
    ];
    headers.extend(shared.encryption.headers());
    to_the_end(async move {
        let key = published.path.as_ref();
        let query = Vec::new();
        let call = Call { method: Method::PUT, key, query, headers, body: Some(&piece) };
        // Undone on failure: it may have been written all the same.
        published.shared.calls.send(&call).await.map_err(unwritten)?;
        Ok(published)
    })
    .await
}

/// An object that appears, or has just appeared. Dropped before
/// [`Published::keep`], it disappears again, unless it is another write's.
struct Published {
    shared: Arc<Shared>,
    path: ObjectPath,
    /// By which it is told from that of another write.
    write: String,
    kept: bool,
}

impl Published {
    fn new(shared: &Arc<Shared>, path: &ObjectPath) -> Self {
        let write = SystemIds.unguessable().to_string();
        Self { shared: Arc::clone(shared), path: path.clone(), write, kept: false }
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        if !self.kept {
            let (shared, path) = (Arc::clone(&self.shared), self.path.clone());
            let write = std::mem::take(&mut self.write);
            in_background(async move { shared.undo(&path, &write).await });
        }
    }
}

/// An upload of parts. Dropped before it is completed or handed on, it is
/// aborted.
pub(super) struct Multipart {
    shared: Arc<Shared>,
    store: AmazonS3,
    path: ObjectPath,
    /// As in [`Published`].
    write: String,
    id: Option<MultipartId>,
}

impl Multipart {
    /// Begins an upload; with the store that asks for checksums, each part must
    /// have one.
    pub async fn begin(
        shared: &Arc<Shared>,
        store: &AmazonS3,
        path: &ObjectPath,
        content_type: &str,
    ) -> Result<Self, BlobError> {
        let write = SystemIds.unguessable().to_string();
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, content_type.to_owned()),
            (Attribute::Metadata(WRITE.into()), write.clone()),
        ]);
        let options = PutMultipartOptions { attributes, ..Default::default() };
        let (shared, store, path) = (Arc::clone(shared), store.clone(), path.clone());
        to_the_end(async move {
            let begun = store.create_multipart_opts(&path, options).await;
            let id = begun.map_err(|error| BlobError::Unavailable(error.into()))?;
            Ok(Self { shared, store, path, write, id: Some(id) })
        })
        .await
    }

    /// The upload goes on without us.
    pub fn into_id(mut self) -> MultipartId {
        self.id.take().unwrap_or_default()
    }

    /// Sends a part with its checksum.
    async fn send(&self, number: u32, piece: &Piece) -> Result<PartId, BlobError> {
        let id = self.id.as_deref().unwrap_or_default();
        let checksum = piece.checksum();
        let headers = vec![("x-amz-checksum-sha256", checksum.clone())];
        let sent = self.shared.send_part(self.path.as_ref(), id, number, piece, headers).await;
        let e_tag = sent.map_err(unwritten)?;
        Ok(PartId { content_id: checked_part(e_tag, checksum)? })
    }

    /// Completes the upload if every part has been sent, and otherwise aborts
    /// it.
    async fn end_with(self, parts: Result<Vec<PartId>, BlobError>) -> Result<(), BlobError> {
        match parts {
            Ok(parts) => self.complete(parts).await.map(Published::keep),
            Err(error) => {
                self.abort().await;
                Err(error)
            }
        }
    }

    async fn complete(self, parts: Vec<PartId>) -> Result<Published, BlobError> {
        let published = Published {
            shared: Arc::clone(&self.shared),
            path: self.path.clone(),
            write: self.write.clone(),
            kept: false,
        };
        to_the_end(async move {
            let id = self.id.clone().unwrap_or_default();
            match self.store.complete_multipart(&self.path, &id, parts).await {
                Ok(_) => drop(self.into_id()),
                Err(error) => {
                    self.abort().await;
                    return Err(BlobError::Unavailable(error.into()));
                }
            }
            Ok(published)
        })
        .await
    }

    async fn abort(mut self) {
        if let Some(id) = self.id.take() {
            // The caller learns why the write failed; what stays, purge_staged
            // finds.
            self.shared.abort(self.path.as_ref(), &id).await.ok();
        }
    }
}

impl Drop for Multipart {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let (shared, path) = (Arc::clone(&self.shared), self.path.clone());
        in_background(async move {
            // Nobody is there to be told; what stays, purge_staged finds.
            shared.abort(path.as_ref(), &id).await.ok();
        });
    }
}

impl Shared {
    /// Sends a part; returns its etag.
    pub async fn send_part(
        &self,
        key: &str,
        id: &str,
        number: u32,
        piece: &Piece,
        headers: Vec<(&'static str, String)>,
    ) -> Result<String, CallError> {
        let query = vec![("partNumber", number.to_string()), ("uploadId", id.to_owned())];
        let call = Call { method: Method::PUT, key, query, headers, body: Some(piece) };
        let answer = self.calls.send(&call).await?;
        let etag = answer.headers.get(ETAG).and_then(|etag| etag.to_str().ok());
        Ok(etag.unwrap_or_default().to_owned())
    }

    /// Ends an upload and removes its parts, until none is left.
    pub async fn abort(&self, key: &str, id: &str) -> Result<(), CallError> {
        for _ in 1..ABORTS {
            self.abort_once(key, id).await?;
            match self.list_parts(key, id).await {
                Err(error) if error.is_absence() => return Ok(()),
                Err(error) => return Err(error),
                Ok(_) => sleep(ABORT_PAUSE).await,
            }
        }
        self.abort_once(key, id).await
    }

    async fn abort_once(&self, key: &str, id: &str) -> Result<(), CallError> {
        let query = vec![("uploadId", id.to_owned())];
        let call = Call { method: Method::DELETE, key, query, headers: Vec::new(), body: None };
        match self.calls.send(&call).await {
            Err(error) if error.is_absence() => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    /// Removes the object at `path` if it is what `write` has made.
    async fn undo(&self, path: &ObjectPath, write: &str) {
        let options = GetOptions { head: true, ..GetOptions::default() };
        let Ok(found) = self.plain.get_opts(path, options).await else { return };
        let ours = found.attributes.get(&Attribute::Metadata(WRITE.into()));
        if ours.is_some_and(|made_by| made_by.as_ref() == write) {
            // Nobody is there to be told; what stays, the sweep finds.
            self.remove(path.as_ref()).await.ok();
        }
    }
}

/// A part of an upload whose parts have checksums, as `object_store` takes it.
fn checked_part(e_tag: String, checksum_sha256: String) -> Result<String, BlobError> {
    #[derive(Serialize)]
    #[serde(rename = "PartMetadata")]
    struct Part {
        e_tag: String,
        checksum_sha256: String,
    }
    quick_xml::se::to_string(&Part { e_tag, checksum_sha256 })
        .map_err(|error| BlobError::Unavailable(error.into()))
}

/// Where bytes are written, nothing being there is no answer.
fn unwritten(error: CallError) -> BlobError {
    BlobError::Unavailable(error.into())
}

/// Runs `work` to its end, even if nobody waits for it any more. What it
/// returns is dropped then, and undoes itself.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, BlobError>> + Send + 'static,
) -> Result<T, BlobError> {
    let ended = tokio::spawn(work).await;
    ended.unwrap_or_else(|error| Err(BlobError::Unavailable(error.into())))
}

fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        drop(runtime.spawn(work));
    }
}
