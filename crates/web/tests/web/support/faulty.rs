//! Services that are down.

use std::{future, io, ops::Range, path::Path, time::Duration};

use anb_blob::{
    BlobError, BlobInfo, BlobStore, ByteSource, Download, LinkOptions, PartInfo, PartUploads,
    Stored, UploadToken,
};
use anb_queue::{Delivery, Job, JobQueue, QueueError, QueueStats, Receipt};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, stream::BoxStream};
use url::Url;

/// How storage fails.
#[derive(Clone, Copy)]
pub enum BrokenStorage {
    Unavailable,
    Full,
    Panics,
    /// It never answers.
    Hangs,
}

impl BrokenStorage {
    async fn error<T>(&self) -> Result<T, BlobError> {
        match self {
            Self::Unavailable => {
                Err(BlobError::Unavailable(io::Error::other("secret host 10.1.2.3").into()))
            }
            Self::Full => Err(BlobError::NoSpace("secret/key".into())),
            Self::Panics => panic!("secret invariant"),
            Self::Hangs => future::pending().await,
        }
    }
}

#[async_trait]
impl BlobStore for BrokenStorage {
    async fn put(&self, _: &str, _: &str, _: ByteSource) -> Result<Stored, BlobError> {
        self.error().await
    }

    async fn put_file(&self, _: &str, _: &str, _: &Path) -> Result<Stored, BlobError> {
        self.error().await
    }

    async fn get(&self, _: &str, _: Option<Range<u64>>) -> Result<Download, BlobError> {
        self.error().await
    }

    async fn get_file(&self, _: &str, _: &Path) -> Result<Stored, BlobError> {
        self.error().await
    }

    async fn head(&self, _: &str) -> Result<BlobInfo, BlobError> {
        self.error().await
    }

    async fn delete(&self, _: &str) -> Result<(), BlobError> {
        self.error().await
    }

    fn list(&self, _: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>> {
        let broken = *self;
        futures::stream::once(async move { broken.error().await }).boxed()
    }

    async fn purge_staged(&self, _: DateTime<Utc>) -> Result<u64, BlobError> {
        self.error().await
    }

    async fn signed_link(&self, _: &str, _: &LinkOptions) -> Result<Url, BlobError> {
        self.error().await
    }
}

#[async_trait]
impl PartUploads for BrokenStorage {
    async fn begin_parts(&self, _: &str, _: &str) -> Result<UploadToken, BlobError> {
        self.error().await
    }

    async fn part_link(
        &self,
        _: &str,
        _: &UploadToken,
        _: u32,
        _: u64,
        _: Duration,
    ) -> Result<Url, BlobError> {
        self.error().await
    }

    async fn put_part(
        &self,
        _: &str,
        _: &UploadToken,
        _: u32,
        _: ByteSource,
    ) -> Result<PartInfo, BlobError> {
        self.error().await
    }

    async fn parts(&self, _: &str, _: &UploadToken) -> Result<Vec<PartInfo>, BlobError> {
        self.error().await
    }

    async fn complete_parts(&self, _: &str, _: &UploadToken) -> Result<(), BlobError> {
        self.error().await
    }

    async fn abort_parts(&self, _: &str, _: &UploadToken) -> Result<(), BlobError> {
        self.error().await
    }
}

/// A queue that nobody can reach.
pub struct BrokenQueue;

fn unreachable_queue<T>() -> Result<T, QueueError> {
    Err(QueueError::Unavailable(io::Error::other("secret queue").into()))
}

#[async_trait]
impl JobQueue for BrokenQueue {
    async fn send(&self, _: &Job) -> Result<(), QueueError> {
        unreachable_queue()
    }

    async fn receive(&self, _: usize, _: Duration) -> Result<Vec<Delivery>, QueueError> {
        unreachable_queue()
    }

    async fn extend(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> {
        unreachable_queue()
    }

    async fn release(&self, _: &Receipt, _: Duration) -> Result<(), QueueError> {
        unreachable_queue()
    }

    async fn delete(&self, _: &Receipt) -> Result<(), QueueError> {
        unreachable_queue()
    }

    async fn stats(&self) -> Result<QueueStats, QueueError> {
        unreachable_queue()
    }
}
