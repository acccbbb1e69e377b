//! Objects in a folder of this machine.

mod parts;

use std::{
    fs, io,
    ops::Range,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{
    StreamExt as _, TryStreamExt as _, future,
    stream::{self, BoxStream},
};
use object_store::{
    GetOptions, GetResultPayload, MultipartUpload, ObjectStore as _, ObjectStoreExt as _,
    PutPayload, local::LocalFileSystem, path::Path as ObjectPath,
};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, SeekFrom};
use tokio_util::io::ReaderStream;
use url::Url;

use crate::{
    BlobError, BlobInfo, BlobStore, ByteSource, ByteStream, Download, LinkOptions, LinkSigner,
    Stored, digest::Digest, download, error, key, staged::Staged,
};

/// Bytes written at once, and so the memory of one write (twice, with what the
/// source holds ready).
const PART: usize = 512 * 1024;
/// Bytes read at once.
const CHUNK: usize = 256 * 1024;
/// How often a write starts over when the folder it needs is removed, because
/// its last object was, in the moment between making and using it.
const TRIES: usize = 20;

/// Objects in a folder of this machine.
pub struct LocalStore {
    files: LocalFileSystem,
    root: PathBuf,
    signer: Arc<LinkSigner>,
}

impl LocalStore {
    /// Opens the folder `dir`, and creates it (mode 0700) when it is not there.
    pub fn open(dir: &Path, signer: Arc<LinkSigner>) -> Result<Self, BlobError> {
        let (root, files) = open(dir).map_err(BlobError::Unavailable)?;
        Ok(Self { files, root, signer })
    }

    /// Gathers the bytes of `source` in the staging folder.
    async fn stage(&self, staged: &Staged, mut source: ByteSource) -> Result<Stored, BlobError> {
        let failed = |error| error::of_store(staged.path.as_ref(), error);
        let mut upload = self.files.put_multipart(&staged.path).await.map_err(failed)?;
        let mut digest = Digest::default();
        let mut part = Part::default();
        while let Some(chunk) = source.next().await {
            let mut chunk = chunk.map_err(BlobError::Source)?;
            while !chunk.is_empty() {
                let piece = chunk.split_to(chunk.len().min(PART - part.size));
                digest.update(&piece);
                part.push(piece);
                if part.size == PART {
                    part.write(&mut upload).await.map_err(failed)?;
                }
            }
        }
        part.write(&mut upload).await.map_err(failed)?;
        upload.complete().await.map_err(failed)?;
        Ok(digest.finish())
    }

    /// Moves what is staged to its place, atomically.
    async fn publish(&self, staged: &ObjectPath, target: &ObjectPath) -> object_store::Result<()> {
        for _ in 1..TRIES {
            match self.files.rename(staged, target).await {
                Err(error) if error::io_kind(&error) == Some(io::ErrorKind::NotFound) => {}
                outcome => return outcome,
            }
        }
        self.files.rename(staged, target).await
    }

    async fn write(
        &self,
        staged: &mut Staged,
        target: &ObjectPath,
        source: ByteSource,
    ) -> Result<Stored, BlobError> {
        let stored = self.stage(staged, source).await?;
        staged.is_whole().map_err(|error| error::of_file(target.as_ref(), error))?;
        self.publish(&staged.path, target)
            .await
            .map_err(|error| BlobError::Unavailable(error.into()))?;
        Ok(stored)
    }
}

/// Bytes on their way to the disk, as they came, without a copy.
#[derive(Default)]
struct Part {
    pieces: Vec<Bytes>,
    size: usize,
}

impl Part {
    fn push(&mut self, piece: Bytes) {
        self.size += piece.len();
        self.pieces.push(piece);
    }

    async fn write(&mut self, upload: &mut Box<dyn MultipartUpload>) -> object_store::Result<()> {
        let Self { pieces, size } = std::mem::take(self);
        if size == 0 {
            return Ok(());
        }
        upload.put_part(PutPayload::from_iter(pieces)).await
    }
}

fn open(
    dir: &Path,
) -> Result<(PathBuf, LocalFileSystem), Box<dyn std::error::Error + Send + Sync>> {
    create_private(dir)?;
    create_private(&dir.join(key::STAGING))?;
    let mode = fs::metadata(dir)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        tracing::warn!(mode = format!("{mode:o}"), "other users may read the objects folder");
    }
    let files =
        LocalFileSystem::new_with_prefix(dir)?.with_fsync(true).with_automatic_cleanup(true);
    Ok((fs::canonicalize(dir)?, files))
}

fn create_private(dir: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// The part of `asked` that an object of `size` bytes has.
fn satisfy(asked: Option<Range<u64>>, size: u64) -> Result<Range<u64>, BlobError> {
    match asked {
        None => Ok(0..size),
        Some(range) if range.start >= size => Err(BlobError::RangeNotSatisfiable { size }),
        Some(range) => Ok(range.start..range.end.clamp(range.start, size)),
    }
}

/// The bytes in `range` of an open file; whoever replaces or removes the object
/// meanwhile does not disturb the reader.
async fn read(key: &str, file: fs::File, range: Range<u64>) -> Result<ByteStream, BlobError> {
    let mut file = tokio::fs::File::from_std(file);
    if range.start > 0 {
        let start = SeekFrom::Start(range.start);
        file.seek(start).await.map_err(|error| error::of_file(key, error))?;
    }
    let key = key.to_owned();
    Ok(ReaderStream::with_capacity(file.take(range.end - range.start), CHUNK)
        .map_err(move |error| error::of_file(&key, error))
        .boxed())
}

/// Counts and removes the files in `folder` that were last written before
/// `older_than`, and the uploads in parts of which this is true as a whole.
fn purge(folder: &Path, older_than: DateTime<Utc>) -> io::Result<u64> {
    let mut purged = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Gone meanwhile: the write has ended.
        let Ok(metadata) = entry.metadata() else { continue };
        let gone = if metadata.is_dir() {
            parts::purge(&entry.path(), older_than)
        } else {
            purge_file(&entry.path(), &metadata, older_than)
        };
        purged += u64::from(gone.unwrap_or(false));
    }
    Ok(purged)
}

fn purge_file(file: &Path, metadata: &fs::Metadata, older_than: DateTime<Utc>) -> io::Result<bool> {
    let old = DateTime::<Utc>::from(metadata.modified()?) < older_than;
    if old {
        fs::remove_file(file)?;
    }
    Ok(old)
}

#[async_trait]
impl BlobStore for LocalStore {
    async fn put(
        &self,
        key: &str,
        _content_type: &str,
        source: ByteSource,
    ) -> Result<Stored, BlobError> {
        let target = key::path(key)?;
        let mut staged = Staged::new(&self.files, &self.root, &target);
        match self.write(&mut staged, &target, source).await {
            Ok(stored) => {
                staged.keep();
                Ok(stored)
            }
            Err(error) => {
                staged.undo().await?;
                Err(error)
            }
        }
    }

    async fn put_file(
        &self,
        key: &str,
        content_type: &str,
        file: &Path,
    ) -> Result<Stored, BlobError> {
        let file =
            tokio::fs::File::open(file).await.map_err(|error| BlobError::Source(error.into()))?;
        let bytes = ReaderStream::with_capacity(file, CHUNK).map_err(Into::into);
        self.put(key, content_type, bytes.boxed()).await
    }

    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Download, BlobError> {
        let failed = |error| error::of_store(key, error);
        let path = key::path(key)?;
        let found = self.files.get_opts(&path, GetOptions::default()).await.map_err(failed)?;
        let info = BlobInfo::of(found.meta);
        let range = satisfy(range, info.size)?;
        let GetResultPayload::File(file, _) = found.payload else {
            return Err(BlobError::Unavailable("a folder holds nothing but files".into()));
        };
        let stream = read(key, file, range.clone()).await?;
        Ok(Download { info, range, stream })
    }

    async fn get_file(&self, key: &str, file: &Path) -> Result<Stored, BlobError> {
        download::to_file(self.get(key, None).await?, file).await
    }

    async fn head(&self, key: &str) -> Result<BlobInfo, BlobError> {
        let path = key::path(key)?;
        self.files.head(&path).await.map(BlobInfo::of).map_err(|error| error::of_store(key, error))
    }

    async fn delete(&self, key: &str) -> Result<(), BlobError> {
        let path = key::path(key)?;
        match self.files.delete(&path).await.map_err(|error| error::of_store(key, error)) {
            Ok(()) | Err(BlobError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>> {
        let folder = match key::folder(prefix) {
            Ok(folder) => folder,
            Err(error) => return stream::once(future::ready(Err(error))).boxed(),
        };
        let prefix = prefix.to_owned();
        self.files
            .list(folder.as_ref())
            .try_filter(|meta| future::ready(key::path(meta.location.as_ref()).is_ok()))
            .map_ok(BlobInfo::of)
            .map_err(move |error| error::of_store(&prefix, error))
            .boxed()
    }

    async fn purge_staged(&self, older_than: DateTime<Utc>) -> Result<u64, BlobError> {
        let folder = self.root.join(key::STAGING);
        tokio::task::spawn_blocking(move || purge(&folder, older_than))
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(|error| BlobError::Unavailable(error.into()))
    }

    async fn signed_link(&self, key: &str, options: &LinkOptions) -> Result<Url, BlobError> {
        key::path(key)?;
        Ok(self.signer.sign(key, options))
    }
}
