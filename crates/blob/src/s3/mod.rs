//! Objects in a bucket of Amazon S3, or of a service that speaks its language.

mod bucket;
mod calls;
mod credentials;
mod parts;
mod piece;
mod sign;
mod uploads;
mod write;

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anb_domain::Clock;
use async_trait::async_trait;
use aws_credential_types::provider::SharedCredentialsProvider;
use chrono::{DateTime, SubsecRound as _, Utc};
use futures::{
    StreamExt as _, TryStreamExt as _, future,
    stream::{self, BoxStream},
};
use http::Method;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore as _, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, Checksum},
};
use url::Url;

use crate::{
    BlobError, BlobInfo, BlobStore, ByteSource, Download, LinkOptions, Stored, disposition,
    download, error, key,
};
use bucket::Bucket;
use calls::{Call, CallError, Calls};
use credentials::Credentials;
use piece::Spool;
use sign::{Signer, Unsigned};

/// Links are signed as of multiples of this many seconds, so that within each
/// such span the same object has the same link and browsers find it in their
/// cache.
const GRAIN_S: i64 = 300;
/// Ends of ranges behind this many bytes, the largest object there can be, are
/// not worth being told.
const MAX_OBJECT: u64 = 50 << 40;
/// How objects are encrypted where they lie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Encryption {
    /// As the bucket is set up. No header is sent.
    #[default]
    BucketDefault,
    /// With keys of S3's own (`AES256`).
    Aes256,
    /// With a key of the key management service (`aws:kms`); without an id, the
    /// account's own key for S3.
    Kms { key_id: Option<String> },
}

/// Which bucket, and how to get there.
pub struct S3Options {
    pub bucket: String,
    /// Also part of every signature.
    pub region: String,
    /// Another service than Amazon's, or another way to it.
    pub endpoint: Option<Url>,
    /// How browsers get to the same service, if not as we do. Links lead there.
    pub public_endpoint: Option<Url>,
    /// Whether the bucket's name is in the path instead of the host. `None`: if
    /// there is an endpoint.
    pub path_style: Option<bool>,
    pub encryption: Encryption,
    /// Below which keys our objects lie, each ending with a slash; uploads
    /// elsewhere in the bucket are not ours to purge. None: all is ours.
    pub prefixes: Vec<String>,
    /// Where bytes wait until S3 has them: up to twice 8 MiB for each write.
    pub spool_dir: PathBuf,
    pub credentials: SharedCredentialsProvider,
    pub clock: Arc<dyn Clock>,
}

impl S3Options {
    /// A bucket at Amazon, all of it, with the bucket's own encryption.
    #[must_use]
    pub fn new(
        bucket: String,
        region: String,
        credentials: SharedCredentialsProvider,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            bucket,
            region,
            endpoint: None,
            public_endpoint: None,
            path_style: None,
            encryption: Encryption::default(),
            prefixes: Vec::new(),
            spool_dir: std::env::temp_dir(),
            credentials,
            clock,
        }
    }
}

impl S3Options {
    /// Where we find the bucket.
    fn own_address(&self) -> Result<Bucket, BlobError> {
        self.address(self.endpoint.as_ref())
    }

    /// Where browsers find it.
    fn public_address(&self) -> Result<Bucket, BlobError> {
        self.address(self.public_endpoint.as_ref().or(self.endpoint.as_ref()))
    }

    /// The same for people.
    ///
    /// # Errors
    /// The options contradict each other.
    pub fn public_url(&self) -> Result<String, BlobError> {
        Ok(self.public_address()?.as_str().to_owned())
    }

    fn address(&self, endpoint: Option<&Url>) -> Result<Bucket, BlobError> {
        let elsewhere = self.endpoint.is_some() || self.public_endpoint.is_some();
        let path_style = self.path_style.unwrap_or(elsewhere);
        Bucket::at(endpoint, &self.region, &self.bucket, path_style)
    }

    fn held_credentials(&self) -> Arc<Credentials> {
        Arc::new(Credentials::new(self.credentials.clone(), Arc::clone(&self.clock)))
    }
}

/// A client for the bucket itself, without what a [`S3Store`] adds.
pub(crate) fn client(options: &S3Options) -> Result<AmazonS3, BlobError> {
    build(options, &options.own_address()?, &options.held_credentials(), None)
}

/// Objects in a bucket.
pub struct S3Store {
    shared: Arc<Shared>,
}

/// What outlives the store, while something is cleared away behind it.
struct Shared {
    plain: AmazonS3,
    /// Asks for a checksum of every part.
    checked: AmazonS3,
    calls: Calls,
    /// Where links lead.
    public: Bucket,
    encryption: Encryption,
    prefixes: Vec<String>,
    spool_dir: PathBuf,
}

impl S3Store {
    /// A store in a bucket that is there already. Nothing is sent yet.
    ///
    /// # Errors
    /// The options contradict each other.
    pub fn open(options: S3Options) -> Result<Self, BlobError> {
        let (bucket, public) = (options.own_address()?, options.public_address()?);
        let credentials = options.held_credentials();
        let build = |checksum| build(&options, &bucket, &credentials, checksum);
        let (plain, checked) = (build(None)?, build(Some(Checksum::SHA256))?);
        let (region, clock) = (options.region.clone(), Arc::clone(&options.clock));
        let signer = Arc::new(Signer { region, credentials, clock });
        let calls = Calls::new(signer, bucket.clone())?;
        let S3Options { encryption, prefixes, spool_dir, .. } = options;
        let shared = Shared { plain, checked, calls, public, encryption, prefixes, spool_dir };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Why the object, or these bytes of it, could not be had.
    async fn why(
        &self,
        key: &str,
        range: Option<Range<u64>>,
        error: object_store::Error,
    ) -> BlobError {
        match (error::of_store(key, error), range) {
            (BlobError::NotFound(_), _) => self.shared.is_bucket_there(key).await,
            (error @ BlobError::Unavailable(_), Some(range)) => match self.head(key).await {
                Ok(BlobInfo { size, .. }) if range.start >= size => {
                    BlobError::RangeNotSatisfiable { size }
                }
                _ => error,
            },
            (error, _) => error,
        }
    }
}

impl Shared {
    /// [`BlobError::NotFound`] if the bucket can be listed: without it, or
    /// without the right to see it, nothing can be said of the object.
    async fn is_bucket_there(&self, key: &str) -> BlobError {
        let query = vec![
            ("list-type", "2".to_owned()),
            ("max-keys", "1".to_owned()),
            ("prefix", key.to_owned()),
        ];
        let call = Call { method: Method::GET, key: "", query, headers: Vec::new(), body: None };
        match self.calls.send(&call).await {
            Ok(_) => BlobError::NotFound(key.to_owned()),
            Err(error) => BlobError::Unavailable(error.into()),
        }
    }

    async fn remove(&self, key: &str) -> Result<(), CallError> {
        let query = Vec::new();
        let call = Call { method: Method::DELETE, key, query, headers: Vec::new(), body: None };
        match self.calls.send(&call).await {
            Err(error) if error.is_absence() => Ok(()),
            outcome => outcome.map(drop),
        }
    }
}

impl Encryption {
    /// What a request that makes an object has to say.
    fn headers(&self) -> Vec<(&'static str, String)> {
        const KIND: &str = "x-amz-server-side-encryption";
        const KEY: &str = "x-amz-server-side-encryption-aws-kms-key-id";
        match self {
            Self::BucketDefault => Vec::new(),
            Self::Aes256 => vec![(KIND, "AES256".into())],
            Self::Kms { key_id } => [(KIND, "aws:kms".to_owned())]
                .into_iter()
                .chain(key_id.clone().map(|id| (KEY, id)))
                .collect(),
        }
    }

    /// The same for the requests of `object_store`.
    fn settings(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::BucketDefault => Vec::new(),
            Self::Aes256 => vec![("aws_server_side_encryption", "AES256".into())],
            Self::Kms { key_id } => [("aws_server_side_encryption", "aws:kms".to_owned())]
                .into_iter()
                .chain(key_id.clone().map(|id| ("aws_sse_kms_key_id", id)))
                .collect(),
        }
    }
}

fn build(
    options: &S3Options,
    bucket: &Bucket,
    credentials: &Arc<Credentials>,
    checksum: Option<Checksum>,
) -> Result<AmazonS3, BlobError> {
    let unusable = |error: object_store::Error| BlobError::Unavailable(error.into());
    // Nothing is said of how long a whole answer may take: it may be a long
    // clip on a slow line.
    let client = ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(calls::CONNECT_TIMEOUT)
        .with_read_timeout(calls::SILENCE)
        .with_allow_http(!bucket.is_https());
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: calls::FIRST_PAUSE,
            max_backoff: calls::LONGEST_PAUSE,
            base: 2.0,
        },
        max_retries: calls::RETRIES as usize,
        retry_timeout: calls::RETRY_FOR,
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&options.bucket)
        .with_region(&options.region)
        // The address has the bucket in it already.
        .with_endpoint(bucket.as_str())
        .with_virtual_hosted_style_request(true)
        .with_credentials(Arc::clone(credentials) as _)
        .with_client_options(client)
        .with_retry(retry);
    for (name, value) in options.encryption.settings() {
        let name: AmazonS3ConfigKey = name.parse().map_err(unusable)?;
        builder = builder.with_config(name, value);
    }
    if let Some(checksum) = checksum {
        builder = builder.with_checksum_algorithm(checksum);
    }
    builder.build().map_err(unusable)
}

fn get_range(range: &Range<u64>) -> GetRange {
    if range.end > MAX_OBJECT { GetRange::Offset(range.start) } else { range.clone().into() }
}

#[async_trait]
impl BlobStore for S3Store {
    async fn put(
        &self,
        key: &str,
        content_type: &str,
        source: ByteSource,
    ) -> Result<Stored, BlobError> {
        let path = key::path(key)?;
        let spool = Spool::new(source, &self.shared.spool_dir, piece::PART);
        write::stream(&self.shared, &path, content_type, spool).await
    }

    async fn put_file(
        &self,
        key: &str,
        content_type: &str,
        file: &Path,
    ) -> Result<Stored, BlobError> {
        let path = key::path(key)?;
        let (pieces, stored) = piece::of_file(file).await?;
        write::file(&self.shared, &path, content_type, pieces).await?;
        Ok(stored)
    }

    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Download, BlobError> {
        let path = key::path(key)?;
        if let Some(range) = range.as_ref().filter(|range| range.is_empty()) {
            return self.get_nothing(key, range.start).await;
        }
        let options = GetOptions::default().with_range(range.as_ref().map(get_range));
        match self.shared.plain.get_opts(&path, options).await {
            Ok(found) => {
                let (info, range) = (BlobInfo::of(found.meta.clone()), found.range.clone());
                let key = key.to_owned();
                let stream = found.into_stream().map_err(move |error| error::of_store(&key, error));
                Ok(Download { info, range, stream: stream.boxed() })
            }
            Err(error) => Err(self.why(key, range, error).await),
        }
    }

    async fn get_file(&self, key: &str, file: &Path) -> Result<Stored, BlobError> {
        download::to_file(self.get(key, None).await?, file).await
    }

    async fn head(&self, key: &str) -> Result<BlobInfo, BlobError> {
        let path = key::path(key)?;
        let options = GetOptions { head: true, ..GetOptions::default() };
        match self.shared.plain.get_opts(&path, options).await {
            Ok(found) => Ok(BlobInfo::of(found.meta)),
            Err(error) => Err(self.why(key, None, error).await),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), BlobError> {
        key::path(key)?;
        self.shared.remove(key).await.map_err(|error| BlobError::Unavailable(error.into()))
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>> {
        let folder = match key::folder(prefix) {
            Ok(folder) => folder,
            Err(error) => return stream::once(future::ready(Err(error))).boxed(),
        };
        let prefix = prefix.to_owned();
        self.shared
            .plain
            .list(folder.as_ref())
            .try_filter(|meta| future::ready(key::path(meta.location.as_ref()).is_ok()))
            .map_ok(BlobInfo::of)
            .map_err(move |error| error::of_store(&prefix, error))
            .boxed()
    }

    async fn purge_staged(&self, older_than: DateTime<Utc>) -> Result<u64, BlobError> {
        let everywhere = [String::new()];
        let ours = &self.shared.prefixes;
        let mut purged = 0;
        for prefix in if ours.is_empty() { everywhere.as_slice() } else { ours } {
            purged += self.shared.purge(prefix, older_than).await?;
        }
        Ok(purged)
    }

    async fn signed_link(&self, key: &str, options: &LinkOptions) -> Result<Url, BlobError> {
        key::path(key)?;
        let disposition = disposition::of(options.download_as.as_deref());
        let query = [
            ("response-cache-control", "private, max-age=3600"),
            ("response-content-disposition", &*disposition),
            ("response-content-type", &*options.content_type),
        ];
        let url = self.shared.public.url(key, query);
        let signer = &self.shared.calls.signer;
        let now = signer.clock.now().trunc_subsecs(0);
        let late = now.timestamp().rem_euclid(GRAIN_S);
        let date = now - chrono::TimeDelta::seconds(late);
        let life = options.expires_in + Duration::from_secs(GRAIN_S.unsigned_abs());
        let request = Unsigned { method: &Method::GET, url, headers: &[] };
        signer.presign_at(request, date, life).await.map_err(BlobError::Unavailable)
    }

    async fn links_end(&self) -> Result<Option<DateTime<Utc>>, BlobError> {
        let end = self.shared.calls.signer.credentials.end().await;
        end.map_err(|error| BlobError::Unavailable(error.into()))
    }
}

impl S3Store {
    /// No byte, which S3 has no words for.
    async fn get_nothing(&self, key: &str, start: u64) -> Result<Download, BlobError> {
        let info = self.head(key).await?;
        if start >= info.size {
            return Err(BlobError::RangeNotSatisfiable { size: info.size });
        }
        Ok(Download { info, range: start..start, stream: stream::empty().boxed() })
    }
}

impl Shared {
    /// Aborts the uploads below `prefix` of which nothing was heard since
    /// before `older_than`.
    async fn purge(&self, prefix: &str, older_than: DateTime<Utc>) -> Result<u64, BlobError> {
        let failed = |error: CallError| BlobError::Unavailable(error.into());
        let mut purged = 0;
        for upload in self.list_uploads(prefix).await.map_err(failed)? {
            if upload.initiated >= older_than {
                continue;
            }
            match self.last_sign_of_life(&upload).await {
                Ok(last) if last < older_than => {
                    self.abort(&upload.key, &upload.id).await.map_err(failed)?;
                    purged += 1;
                }
                Ok(_) => {}
                // It has ended meanwhile.
                Err(error) if error.is_absence() => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(purged)
    }
}
