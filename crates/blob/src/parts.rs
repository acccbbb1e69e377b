//! Uploads in parts, which clients send straight to storage by signed links,
//! in any order, each as often as they like.

use std::time::Duration;

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use thiserror::Error;
use url::Url;

use crate::{BlobError, ByteSource};

/// Most parts of one upload
/// ([Amazon S3 multipart upload limits](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)).
pub const MAX_PARTS: u32 = 10_000;

/// Least size in bytes of every part but the last (the same page).
pub const MIN_PART_SIZE: u64 = 5 * 1024 * 1024;

/// Stands for one upload in parts; meaningless to anybody but its store. At
/// most 1 KiB of printable ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadToken(pub String);

/// A part that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartInfo {
    /// From 1 on.
    pub number: u32,
    pub size: u64,
}

/// The source did not give as many bytes as it promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it does not have the {promised} bytes it promised")]
pub struct WrongSize {
    pub promised: u64,
}

/// `source`, which fails with [`WrongSize`] unless it gives `size` bytes.
#[must_use]
pub fn exactly(size: u64, source: ByteSource) -> ByteSource {
    let wrong = WrongSize { promised: size };
    stream::try_unfold((source, size), move |(mut source, left)| async move {
        let Some(chunk) = source.next().await.transpose()? else {
            return if left == 0 { Ok(None) } else { Err(wrong.into()) };
        };
        let left = left.checked_sub(chunk.len() as u64).ok_or(wrong)?;
        Ok(Some((chunk, (source, left))))
    })
    .boxed()
}

pub(crate) fn check_number(number: u32) -> Result<(), BlobError> {
    if (1..=MAX_PARTS).contains(&number) { Ok(()) } else { Err(BlobError::InvalidPart(number)) }
}

/// The parts have the numbers from 1 on; anything else would make an object
/// that nobody has sent.
pub(crate) fn check_gapless(numbers: impl Iterator<Item = u32>) -> Result<(), BlobError> {
    match (1..).zip(numbers).find(|(expected, number)| expected != number) {
        None => Ok(()),
        Some((missing, _)) => Err(BlobError::MissingPart(missing)),
    }
}

/// Takes objects in, part by part.
#[async_trait]
pub trait PartUploads {
    /// Begins an upload. Nothing can be read at `key` before
    /// [`PartUploads::complete_parts`].
    async fn begin_parts(&self, key: &str, content_type: &str) -> Result<UploadToken, BlobError>;

    /// A link to which anybody can `PUT` part `number` of exactly `size` bytes
    /// until it expires. A second `PUT` replaces the first.
    ///
    /// # Errors
    /// [`BlobError::InvalidPart`]. Whether the upload still exists is not
    /// looked at.
    async fn part_link(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        size: u64,
        expires_in: Duration,
    ) -> Result<Url, BlobError>;

    /// Stores a part that passes through this process. On failure an earlier
    /// one with this number stays.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] as with [`PartUploads::parts`].
    async fn put_part(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        source: ByteSource,
    ) -> Result<PartInfo, BlobError>;

    /// The parts that have arrived whole, by number.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] when the upload was completed, aborted, or never
    /// begun.
    async fn parts(&self, key: &str, token: &UploadToken) -> Result<Vec<PartInfo>, BlobError>;

    /// Joins the parts in the order of their numbers: the object is there,
    /// whole and durable. Upload and parts are gone then. If the process dies
    /// meanwhile, a second call either joins them again or finds nothing more
    /// to do.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] as with [`PartUploads::parts`]: an earlier call
    /// may have done it, which [`BlobStore::head`](crate::BlobStore::head)
    /// tells. [`BlobError::MissingPart`]: nothing has changed.
    async fn complete_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError>;

    /// Gives the upload up and removes its parts. No error if there is nothing
    /// to give up.
    async fn abort_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError>;
}
