//! Files that everybody may read and keep, like the style sheets of a site:
//! each lies under a key that changes whenever its bytes do.

use std::{
    fs::Permissions,
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use object_store::{
    Attribute, Attributes, ObjectStore as _, ObjectStoreExt as _, PutOptions, aws::AmazonS3,
};
use tokio::{fs, task};

use crate::{BlobError, S3Options, error, key, s3};

/// What browsers and CDNs are told of such a file: to keep it, and never to
/// ask again.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where such files are put.
pub struct PublicFiles(Place);

enum Place {
    Folder(PathBuf),
    Bucket(Box<AmazonS3>),
}

impl PublicFiles {
    /// In a folder that a server of files publishes; what it tells browsers is
    /// up to that server.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self(Place::Folder(folder))
    }

    /// In a bucket that is there already. Nothing is sent yet.
    ///
    /// # Errors
    /// The options contradict each other.
    pub fn in_bucket(options: &S3Options) -> Result<Self, BlobError> {
        Ok(Self(Place::Bucket(Box::new(s3::client(options)?))))
    }

    /// Whether there is a file of this size at `key`; its bytes are then those
    /// that the key stands for.
    ///
    /// # Errors
    /// The place cannot be looked into.
    pub async fn has(&self, key: &str, size: u64) -> Result<bool, BlobError> {
        let path = key::path(key)?;
        let found = match &self.0 {
            Place::Folder(folder) => size_of_file(&folder.join(key)).await,
            Place::Bucket(bucket) => size_of_object(bucket, &path).await,
        };
        Ok(found? == Some(size))
    }

    /// Writes a file, whole or not at all.
    ///
    /// # Errors
    /// The place is not there, full, or not ours to write to.
    pub async fn write(
        &self,
        key: &str,
        content_type: &'static str,
        bytes: Bytes,
    ) -> Result<(), BlobError> {
        let path = key::path(key)?;
        match &self.0 {
            Place::Folder(folder) => write_file(folder.join(key), bytes)
                .await
                .map_err(|error| error::of_file(key, error)),
            Place::Bucket(bucket) => {
                let attributes = Attributes::from_iter([
                    (Attribute::ContentType, content_type),
                    (Attribute::CacheControl, FOR_EVER),
                ]);
                let options = PutOptions { attributes, ..PutOptions::default() };
                let written = bucket.put_opts(&path, bytes.into(), options).await;
                // What is not found when something is written is the bucket.
                written.map(drop).map_err(|error| BlobError::Unavailable(error.into()))
            }
        }
    }
}

async fn size_of_file(file: &Path) -> Result<Option<u64>, BlobError> {
    match fs::metadata(file).await {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(BlobError::Unavailable(error.into())),
    }
}

async fn size_of_object(
    bucket: &AmazonS3,
    path: &object_store::path::Path,
) -> Result<Option<u64>, BlobError> {
    match bucket.head(path).await {
        Ok(found) => Ok(Some(found.size)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(BlobError::Unavailable(error.into())),
    }
}

/// Under another name first, so that nobody is served a half of it.
async fn write_file(file: PathBuf, bytes: Bytes) -> io::Result<()> {
    let write = move || {
        let folder = file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut copy = tempfile::Builder::new()
            .prefix(".anb-")
            .permissions(Permissions::from_mode(0o644))
            .tempfile_in(folder)?;
        copy.write_all(&bytes)?;
        copy.persist(&file)?;
        Ok(())
    };
    task::spawn_blocking(write).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_is_filled_as_a_bucket_is() {
        let folder = tempfile::tempdir().unwrap();
        let files = PublicFiles::in_folder(folder.path().join("public"));
        assert!(!files.has("1/pages/vote.js", 2).await.unwrap());

        for script in ["later()", "1;"] {
            files.write("1/pages/vote.js", "text/javascript", script.into()).await.unwrap();
        }

        assert!(files.has("1/pages/vote.js", 2).await.unwrap());
        let file = folder.path().join("public/1/pages/vote.js");
        assert_eq!(std::fs::read(&file).unwrap(), b"1;");
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "a server under another name may read it");
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn no_key_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let files = PublicFiles::in_folder(folder.path().join("public"));
        for key in ["../escaped.js", "/etc/escaped.js", ""] {
            let refused = files.write(key, "text/javascript", "1".into()).await.unwrap_err();
            assert!(matches!(refused, BlobError::InvalidKey(_)), "{key}: {refused}");
        }
        assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    }
}
