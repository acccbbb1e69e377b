//! Bytes on their way to S3. They wait on the disk, not in memory: an upload
//! must be sent again when a request fails, S3 wants parts of 5 MiB and more,
//! and many uploads run at once.

use std::{
    fs::File,
    io::{self, Read as _},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::{Bytes, BytesMut};
use futures::{
    StreamExt as _,
    stream::{self, Fuse},
};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::{BlobError, ByteSource, Stored, digest::Digest, error};

/// Bytes in a part. At least 5 MiB and at most 10,000 parts
/// ([limits](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)):
/// objects up to 80 GB.
pub(super) const PART: u64 = 8 * 1024 * 1024;
/// Bytes read at once, and so the memory of one request.
const CHUNK: u64 = 128 * 1024;

/// A stretch of a file of this machine, which can be sent as often as needed.
#[derive(Clone)]
pub(super) struct Piece {
    file: Arc<File>,
    offset: u64,
    size: u64,
    sha256: [u8; 32],
}

impl Piece {
    pub fn size(&self) -> u64 {
        self.size
    }

    /// As in `x-amz-checksum-sha256`.
    pub fn checksum(&self) -> String {
        BASE64_STANDARD.encode(self.sha256)
    }

    pub fn body(&self) -> reqwest::Body {
        let end = self.offset + self.size;
        let chunks =
            stream::try_unfold((Arc::clone(&self.file), self.offset), move |(file, at)| {
                read(file, at, end)
            });
        reqwest::Body::wrap_stream(chunks)
    }
}

async fn read(file: Arc<File>, at: u64, end: u64) -> io::Result<Option<(Bytes, (Arc<File>, u64))>> {
    let size = (end - at).min(CHUNK);
    if size == 0 {
        return Ok(None);
    }
    let work = move || {
        let mut chunk = BytesMut::zeroed(usize::try_from(size).map_err(io::Error::other)?);
        file.read_exact_at(&mut chunk, at)?;
        Ok(Some((chunk.freeze(), (file, at + size))))
    };
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other).flatten()
}

/// Cuts a source into pieces, one at a time.
pub(super) struct Spool {
    source: Fuse<ByteSource>,
    /// Come from the source, and part of the next piece.
    rest: Bytes,
    /// Where the pieces wait, in files without a name.
    dir: PathBuf,
    /// Most bytes of a piece.
    limit: u64,
    begun: bool,
    digest: Digest,
}

impl Spool {
    pub fn new(source: ByteSource, dir: &Path, limit: u64) -> Self {
        let (rest, digest) = (Bytes::new(), Digest::default());
        Self { source: source.fuse(), rest, dir: dir.to_owned(), limit, begun: false, digest }
    }

    /// The next piece, `None` after the last. The first is there in any case,
    /// empty if need be.
    pub async fn next(&mut self) -> Result<Option<Piece>, BlobError> {
        if self.begun && self.is_over().await? {
            return Ok(None);
        }
        self.begun = true;
        let mut file = open(&self.dir).await?;
        let (mut size, mut sha256) = (0, Sha256::new());
        while size < self.limit && !self.is_over().await? {
            let room = usize::try_from(self.limit - size).unwrap_or(usize::MAX);
            let bytes = self.rest.split_to(self.rest.len().min(room));
            self.digest.update(&bytes);
            sha256.update(&bytes);
            size += bytes.len() as u64;
            file.write_all(&bytes).await.map_err(unspooled)?;
        }
        file.flush().await.map_err(unspooled)?;
        let file = Arc::new(file.into_std().await);
        Ok(Some(Piece { file, offset: 0, size, sha256: sha256.finalize().into() }))
    }

    /// Whether every byte is in a piece; waits for more to come.
    pub async fn is_over(&mut self) -> Result<bool, BlobError> {
        while self.rest.is_empty() {
            let Some(chunk) = self.source.next().await else { return Ok(true) };
            self.rest = chunk.map_err(BlobError::Source)?;
        }
        Ok(false)
    }

    pub fn finish(self) -> Stored {
        self.digest.finish()
    }
}

/// A file without a name, which is gone when it is closed, by a kill as well.
async fn open(dir: &Path) -> Result<tokio::fs::File, BlobError> {
    let dir = dir.to_owned();
    tokio::task::spawn_blocking(move || tempfile::tempfile_in(dir))
        .await
        .map_err(io::Error::other)
        .flatten()
        .map(tokio::fs::File::from_std)
        .map_err(unspooled)
}

/// What went wrong with the folder of the pieces.
fn unspooled(error: io::Error) -> BlobError {
    error::of_file("the folder for temporary files", error)
}

/// The pieces of a whole file, and what it contains.
pub(super) async fn of_file(path: &Path) -> Result<(Vec<Piece>, Stored), BlobError> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || cut(&path))
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(|error| BlobError::Source(error.into()))
}

fn cut(path: &Path) -> io::Result<(Vec<Piece>, Stored)> {
    let file = Arc::new(File::open(path)?);
    let (mut pieces, mut digest, mut offset) = (Vec::new(), Digest::default(), 0);
    let mut chunk = vec![0; usize::try_from(CHUNK).unwrap_or(usize::MAX)];
    loop {
        let (mut size, mut sha256) = (0, Sha256::new());
        let mut part = (&*file).take(PART);
        loop {
            let read = part.read(&mut chunk)?;
            if read == 0 {
                break;
            }
            digest.update(&chunk[..read]);
            sha256.update(&chunk[..read]);
            size += read as u64;
        }
        if size == 0 && offset > 0 {
            return Ok((pieces, digest.finish()));
        }
        let file = Arc::clone(&file);
        pieces.push(Piece { file, offset, size, sha256: sha256.finalize().into() });
        offset += size;
        if size < PART {
            return Ok((pieces, digest.finish()));
        }
    }
}
