//! Objects in a folder.

use std::{ops::Range, path::Path, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use url::Url;

use crate::*;

/// Objects in a folder of this machine.
pub struct LocalStore {
    signer: Arc<LinkSigner>,
}

impl LocalStore {
    /// Opens the folder `dir`, and creates it (mode 0700) when it is not there.
    pub fn open(dir: &Path, signer: Arc<LinkSigner>) -> Result<Self, BlobError> {
        todo!()
    }
}

#[async_trait]
impl BlobStore for LocalStore {
    async fn put(&self, _: &str, _: &str, _: ByteSource) -> Result<Stored, BlobError> { todo!() }
    async fn put_file(&self, _: &str, _: &str, _: &Path) -> Result<Stored, BlobError> { todo!() }
    async fn get(&self, _: &str, _: Option<Range<u64>>) -> Result<Download, BlobError> { todo!() }
    async fn get_file(&self, _: &str, _: &Path) -> Result<Stored, BlobError> { todo!() }
    async fn head(&self, _: &str) -> Result<BlobInfo, BlobError> { todo!() }
    async fn delete(&self, _: &str) -> Result<(), BlobError> { todo!() }
    fn list(&self, _: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>> { todo!() }
    async fn purge_staged(&self, _: DateTime<Utc>) -> Result<u64, BlobError> { todo!() }
    fn signed_link(&self, _: &str, _: &LinkOptions) -> Result<Url, BlobError> { todo!() }
}
