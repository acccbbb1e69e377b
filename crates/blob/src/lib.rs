//! Object storage: streaming writes with bounded memory, ranges, signed links
//! that expire.

mod digest;
mod download;
mod error;
mod hex;
mod key;
mod parts;
mod public_files;
mod staged;

pub mod conformance;
pub mod disposition;
pub mod link;
pub mod local;
pub mod s3;

use std::{ops::Range, path::Path, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use object_store::ObjectMeta;
use thiserror::Error;
use url::Url;

pub use link::{LinkError, LinkQuery, LinkSigner, PartQuery, VerifiedLink, VerifiedPart};
pub use local::LocalStore;
pub use parts::{MAX_PARTS, MIN_PART_SIZE, PartInfo, PartUploads, UploadToken, WrongSize, exactly};
pub use public_files::{FOR_EVER, PublicFiles};
pub use s3::{Encryption, S3Options, S3Store};

/// What can go wrong with an object.
#[derive(Debug, Error)]
pub enum BlobError {
    #[error("no object at {0:?}")]
    NotFound(String),
    #[error("the key {0:?} is not allowed")]
    InvalidKey(String),
    /// The first byte asked for lies behind the end.
    #[error("the range begins behind the end of {size} bytes")]
    RangeNotSatisfiable { size: u64 },
    /// The source of a write failed: a client cut off, a limit was reached.
    /// Nothing was stored.
    #[error("the source of the bytes failed: {0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("no space left for {0:?}")]
    NoSpace(String),
    /// The number of a part is not between 1 and [`MAX_PARTS`].
    #[error("there can be no part {0}")]
    InvalidPart(u32),
    /// Parts with higher numbers have arrived, this one has not.
    #[error("part {0} is missing")]
    MissingPart(u32),
    #[error("object storage is unavailable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The bytes of a write. An error of it aborts the write.
pub type ByteSource = BoxStream<'static, Result<Bytes, Box<dyn std::error::Error + Send + Sync>>>;

/// The bytes of a read.
pub type ByteStream = BoxStream<'static, Result<Bytes, BlobError>>;

/// What is known of a stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobInfo {
    pub key: String,
    pub size: u64,
    pub modified_at: DateTime<Utc>,
    /// Changes whenever the bytes do; quoted as in HTTP.
    pub etag: Option<String>,
}

impl BlobInfo {
    fn of(meta: ObjectMeta) -> Self {
        let quoted = |etag: String| match etag.strip_prefix(['"', 'W']) {
            Some(_) => etag,
            None => format!("\"{etag}\""),
        };
        Self {
            key: meta.location.into(),
            size: meta.size,
            modified_at: meta.last_modified,
            etag: meta.e_tag.map(quoted),
        }
    }
}

/// What a write has stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub size: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
}

/// An object, or a part of it, being read.
pub struct Download {
    pub info: BlobInfo,
    /// The bytes that `stream` yields, as offsets in the object.
    pub range: Range<u64>,
    pub stream: ByteStream,
}

/// How a browser is to take a signed link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOptions {
    pub expires_in: Duration,
    pub content_type: String,
    /// Save under this name instead of showing.
    pub download_as: Option<String>,
}

/// Where objects are kept.
#[async_trait]
pub trait BlobStore: PartUploads + Send + Sync + 'static {
    /// Writes an object with memory bounded by a few parts. On success it is
    /// durable and whole; on failure, or when the future is dropped, there is
    /// no object and nothing staged stays behind (what a killed process
    /// leaves, [`BlobStore::purge_staged`] removes).
    async fn put(
        &self,
        key: &str,
        content_type: &str,
        source: ByteSource,
    ) -> Result<Stored, BlobError>;

    /// Writes a file of this machine.
    async fn put_file(
        &self,
        key: &str,
        content_type: &str,
        file: &Path,
    ) -> Result<Stored, BlobError>;

    /// Reads an object or, with `range`, the bytes `start..end` of it; an end
    /// behind the object's is cut to it.
    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Download, BlobError>;

    /// Streams an object into a new file of this machine; returns what was
    /// written, hashed on the way.
    async fn get_file(&self, key: &str, file: &Path) -> Result<Stored, BlobError>;

    /// Size and age of an object.
    async fn head(&self, key: &str) -> Result<BlobInfo, BlobError>;

    /// Removes an object. Removing what is not there is no error.
    async fn delete(&self, key: &str) -> Result<(), BlobError>;

    /// Every object whose key begins with `prefix` (which ends with a slash).
    fn list(&self, prefix: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>>;

    /// Removes what writes that never ended have left staged since before
    /// `older_than`. Returns how many there were.
    async fn purge_staged(&self, older_than: DateTime<Utc>) -> Result<u64, BlobError>;

    /// A link by which anybody can read the object until it expires.
    async fn signed_link(&self, key: &str, options: &LinkOptions) -> Result<Url, BlobError>;

    /// When every link that is made now ends, however long it was asked for:
    /// with the credentials that sign it. `None` where these do not end.
    async fn links_end(&self) -> Result<Option<DateTime<Utc>>, BlobError> {
        Ok(None)
    }
}
