//! Uploads in parts to a folder of this machine: each gathers its parts in a
//! folder of its own below the staging folder, one file for each.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use anb_domain::{IdSource as _, SystemIds};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;
use url::Url;

use super::{CHUNK, LocalStore};
use crate::{
    BlobError, ByteSource, PartInfo, PartUploads, UploadToken, error, hex, key,
    parts::{check_gapless, check_number},
    staged::Staged,
};

/// What the name of a folder ends in when its upload is over. Nothing looks
/// for parts in there any more, so it can be removed file by file.
const OVER: &str = "over";

impl LocalStore {
    /// Where an upload gathers its parts. The name is a digest, so that no
    /// token leads to another place, and one of another key leads nowhere.
    fn folder_of(&self, key: &str, token: &UploadToken) -> Result<PathBuf, BlobError> {
        key::path(key)?;
        let mut name = Sha256::new();
        for field in [key, &token.0] {
            name.update((field.len() as u64).to_be_bytes());
            name.update(field);
        }
        Ok(self.root.join(key::STAGING).join(hex::encode(&name.finalize())))
    }

    /// Makes an object of joined parts. Other than with
    /// [`BlobStore::put`](crate::BlobStore::put), one that is in its place
    /// stays there if the caller gives up: another call may have said so.
    async fn join(&self, key: &str, parts: ByteSource) -> Result<(), BlobError> {
        let target = key::path(key)?;
        let staged = Staged::new(&self.files, &self.root, &target);
        self.stage(&staged, parts).await?;
        let published = self.publish(&staged.path, &target).await;
        published.map_err(|error| error::of_store(key, error))?;
        staged.keep();
        Ok(())
    }
}

#[async_trait]
impl PartUploads for LocalStore {
    async fn begin_parts(&self, key: &str, _content_type: &str) -> Result<UploadToken, BlobError> {
        let token = UploadToken(SystemIds.unguessable().to_string());
        let folder = self.folder_of(key, &token)?;
        blocking(key, move || {
            fs::DirBuilder::new().mode(0o700).create(&folder)?;
            sync_names_beside(&folder)
        })
        .await?;
        Ok(token)
    }

    async fn part_link(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        size: u64,
        expires_in: Duration,
    ) -> Result<Url, BlobError> {
        key::path(key)?;
        check_number(number)?;
        Ok(self.signer.sign_part(key, token, number, size, expires_in))
    }

    async fn put_part(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        source: ByteSource,
    ) -> Result<PartInfo, BlobError> {
        check_number(number)?;
        let part = GrowingPart::new(&self.folder_of(key, token)?, number);
        let size = part.gather(key, source).await?;
        blocking(key, move || part.publish()).await?;
        Ok(PartInfo { number, size })
    }

    async fn parts(&self, key: &str, token: &UploadToken) -> Result<Vec<PartInfo>, BlobError> {
        let folder = self.folder_of(key, token)?;
        blocking(key, move || list(&folder)).await
    }

    async fn complete_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError> {
        let folder = self.folder_of(key, token)?;
        let parts = self.parts(key, token).await?;
        check_gapless(parts.iter().map(|part| part.number))?;
        // The parts stay until the object is durable, so that whoever dies in
        // between can do it again; then they go all at once, so that nobody
        // can join some of them.
        self.join(key, one_after_the_other(&folder, &parts))
            .await
            .map_err(|error| unjoined(key, error))?;
        match blocking(key, move || retire(&folder)).await {
            // Another call was faster, with the same parts.
            Err(BlobError::NotFound(_)) => Ok(()),
            outcome => outcome,
        }
    }

    async fn abort_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError> {
        let folder = self.folder_of(key, token)?;
        match blocking(key, move || retire(&folder)).await {
            Err(BlobError::NotFound(_)) => Ok(()),
            outcome => outcome,
        }
    }
}

/// A part of which not every byte is there. Dropped before
/// [`GrowingPart::publish`], it leaves nothing.
struct GrowingPart {
    growing: PathBuf,
    whole: PathBuf,
}

impl GrowingPart {
    fn new(folder: &Path, number: u32) -> Self {
        let whole = folder.join(number.to_string());
        let growing = folder.join(format!("{number}.{}", SystemIds.unguessable()));
        Self { growing, whole }
    }

    /// Writes the bytes of `source` to the disk; returns how many there were.
    async fn gather(&self, key: &str, mut source: ByteSource) -> Result<u64, BlobError> {
        let failed = |error| of_part(key, error);
        let mut file = tokio::fs::File::create_new(&self.growing).await.map_err(failed)?;
        let mut size = 0;
        while let Some(chunk) = source.next().await {
            let chunk = chunk.map_err(BlobError::Source)?;
            size += chunk.len() as u64;
            file.write_all(&chunk).await.map_err(failed)?;
        }
        file.flush().await.map_err(failed)?;
        file.sync_all().await.map_err(failed)?;
        Ok(size)
    }

    /// Fails if the upload has ended meanwhile: its folder has another name.
    fn publish(self) -> io::Result<()> {
        fs::rename(&self.growing, &self.whole)?;
        sync_names_beside(&self.whole)
    }
}

impl Drop for GrowingPart {
    fn drop(&mut self) {
        // Nobody is there to be told; what stays goes with the upload.
        fs::remove_file(&self.growing).ok();
    }
}

/// The parts in `folder`, by number. Those that still grow have other names.
fn list(folder: &Path) -> io::Result<Vec<PartInfo>> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
            parts.push(PartInfo { number, size: entry.metadata()?.len() });
        }
    }
    parts.sort_by_key(|part| part.number);
    Ok(parts)
}

/// The bytes of all `parts`, one after the other.
fn one_after_the_other(folder: &Path, parts: &[PartInfo]) -> ByteSource {
    let files: Vec<_> = parts.iter().map(|part| folder.join(part.number.to_string())).collect();
    stream::iter(files)
        .then(tokio::fs::File::open)
        .map_ok(|file| ReaderStream::with_capacity(file, CHUNK))
        .try_flatten()
        .map_err(Into::into)
        .boxed()
}

/// Here the source is ours: what is wrong with it is wrong with storage.
fn unjoined(key: &str, error: BlobError) -> BlobError {
    match error {
        BlobError::Source(cause) => match cause.downcast() {
            Ok(error) => of_part(key, *error),
            Err(cause) => BlobError::Unavailable(cause),
        },
        error => error,
    }
}

/// Ends an upload and removes what it has gathered. Whatever happens after the
/// first line, its parts are never seen again.
fn retire(folder: &Path) -> io::Result<()> {
    let over = folder.with_extension(OVER);
    fs::rename(folder, &over)?;
    sync_names_beside(folder)?;
    fs::remove_dir_all(over)
}

/// Removes the upload in `folder` if nothing has arrived since before
/// `older_than`, not even a piece of a part. Tells whether it did.
pub(super) fn purge(folder: &Path, older_than: DateTime<Utc>) -> io::Result<bool> {
    let mut newest = fs::metadata(folder)?.modified()?;
    for entry in fs::read_dir(folder)? {
        newest = newest.max(entry?.metadata()?.modified()?);
    }
    if DateTime::<Utc>::from(newest) >= older_than {
        return Ok(false);
    }
    if folder.extension().is_some_and(|extension| extension == OVER) {
        fs::remove_dir_all(folder)?;
    } else {
        retire(folder)?;
    }
    Ok(true)
}

/// Makes names in the folder of `path` durable, as they are now.
fn sync_names_beside(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

async fn blocking<T: Send + 'static>(
    key: &str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(|error| of_part(key, error))
}

/// A part that is not there has no upload.
fn of_part(key: &str, error: io::Error) -> BlobError {
    match error.kind() {
        io::ErrorKind::NotFound => BlobError::NotFound(key.to_owned()),
        _ => error::of_file(key, error),
    }
}
