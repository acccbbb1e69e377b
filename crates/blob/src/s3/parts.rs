//! Uploads in parts, which clients send straight to the bucket.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use object_store::multipart::{MultipartStore as _, PartId};
use url::Url;

use super::{S3Store, piece::Spool, sign::Unsigned, write::Multipart};
use crate::{
    BlobError, ByteSource, PartInfo, PartUploads, UploadToken, error, key,
    parts::{check_gapless, check_number},
};

#[async_trait]
impl PartUploads for S3Store {
    async fn begin_parts(&self, key: &str, content_type: &str) -> Result<UploadToken, BlobError> {
        let path = key::path(key)?;
        // Without checksums: browsers would have to send one with each part.
        let store = &self.shared.plain;
        let upload = Multipart::begin(&self.shared, store, &path, content_type).await?;
        Ok(UploadToken(upload.into_id()))
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
        let number = number.to_string();
        let query = [("partNumber", &*number), ("uploadId", id(key, token)?)];
        let request = Unsigned {
            method: &Method::PUT,
            url: self.shared.public.url(key, query),
            // S3 refuses a body of any other size.
            headers: &[("content-length", size.to_string())],
        };
        let link = self.shared.calls.signer.presign(request, expires_in).await;
        link.map_err(BlobError::Unavailable)
    }

    async fn put_part(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        source: ByteSource,
    ) -> Result<PartInfo, BlobError> {
        key::path(key)?;
        check_number(number)?;
        let mut spool = Spool::new(source, &self.shared.spool_dir, u64::MAX);
        // The first piece is there in any case, and takes everything.
        let Some(piece) = spool.next().await? else { return Err(BlobError::InvalidPart(number)) };
        let id = id(key, token)?;
        match self.shared.send_part(key, id, number, &piece, Vec::new()).await {
            Ok(_) => Ok(PartInfo { number, size: piece.size() }),
            // Not every service says so itself.
            Err(error) => match self.shared.list_parts(key, id).await {
                Err(absent) if absent.is_absence() => Err(absent.of(key)),
                _ => Err(error.of(key)),
            },
        }
    }

    async fn parts(&self, key: &str, token: &UploadToken) -> Result<Vec<PartInfo>, BlobError> {
        key::path(key)?;
        let id = id(key, token)?;
        let parts = self.shared.list_parts(key, id).await.map_err(|error| error.of(key))?;
        Ok(parts
            .into_iter()
            .map(|part| PartInfo { number: part.number, size: part.size })
            .collect())
    }

    async fn complete_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError> {
        let path = key::path(key)?;
        let id = id(key, token)?;
        let parts = self.shared.list_parts(key, id).await.map_err(|error| error.of(key))?;
        check_gapless(parts.iter().map(|part| part.number))?;
        let parts = parts.into_iter().map(|part| PartId { content_id: part.etag }).collect();
        let completed = self.shared.plain.complete_multipart(&path, &token.0, parts).await;
        completed.map(drop).map_err(|error| error::of_store(key, error))
    }

    async fn abort_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError> {
        key::path(key)?;
        match id(key, token) {
            Ok(id) => self.shared.abort(key, id).await.map_err(|error| error.of(key)),
            Err(_) => Ok(()),
        }
    }
}

/// The id of the upload. Without one, some requests would mean the object.
fn id<'a>(key: &str, token: &'a UploadToken) -> Result<&'a str, BlobError> {
    match token.0.as_str() {
        "" => Err(BlobError::NotFound(key.to_owned())),
        id => Ok(id),
    }
}
