//! The store in a bucket does what every store must do.
//!
//! The bucket is moto's (5.2.5). It checks no signatures and no expiry, so that
//! what they bind is tested where they are made (`src/s3/sign.rs`); it compares
//! no checksums; every upload has begun in 2010, and all of them are on one
//! page. What the requests carry, and how answers that moto never gives are
//! taken, is tested in `s3_protocol.rs`.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{path::Path, sync::Arc, time::Duration};

use anb_blob::{
    BlobError, BlobStore as _, ByteSource, Encryption, FOR_EVER, LinkOptions, PartUploads as _,
    PublicFiles, S3Options, S3Store, conformance::Harness,
};
use anb_domain::{Clock, SystemClock};
use anb_testkit::{FakeClock, Moto};
use async_trait::async_trait;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Client;
use tempfile::TempDir;
use url::Url;

struct Bucket {
    store: S3Store,
    name: String,
    folder: TempDir,
    http: Client,
}

fn options(bucket: &str, clock: Arc<dyn Clock>) -> S3Options {
    let keys = Credentials::new(Moto::ACCESS_KEY, Moto::ACCESS_KEY, None, None, "test");
    let credentials = SharedCredentialsProvider::new(keys);
    let endpoint = Some(Moto::shared().endpoint().parse().unwrap());
    let options = S3Options::new(bucket.into(), Moto::REGION.into(), credentials, clock);
    S3Options { endpoint, ..options }
}

impl Bucket {
    async fn new() -> Self {
        Self::with(|options| options).await
    }

    async fn with(change: impl FnOnce(S3Options) -> S3Options) -> Self {
        let (name, http) = (Moto::fresh_name("blob"), Client::new());
        let address = format!("{}/{name}", Moto::shared().endpoint());
        http.put(address).send().await.unwrap().error_for_status().unwrap();
        let store = S3Store::open(change(options(&name, Arc::new(SystemClock)))).unwrap();
        Self { store, name, folder: tempfile::tempdir().unwrap(), http }
    }

    fn url(&self, rest: &str) -> String {
        format!("{}/{}{rest}", Moto::shared().endpoint(), self.name)
    }

    async fn headers_of(&self, key: &str) -> reqwest::header::HeaderMap {
        // Moto looks no further than that there is one.
        let signature = "AWS4-HMAC-SHA256 Credential=testing/20260501/us-east-1/s3/aws4_request";
        let request = self.http.head(self.url(&format!("/{key}")));
        let answer = request.header("authorization", signature).send().await.unwrap();
        answer.error_for_status().unwrap().headers().clone()
    }
}

#[async_trait]
impl Harness for Bucket {
    type Store = S3Store;

    fn store(&self) -> &S3Store {
        &self.store
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn staged(&self) -> usize {
        let list = self.http.get(self.url("?uploads")).send().await.unwrap().text().await.unwrap();
        list.matches("<UploadId>").count()
    }

    async fn send_part(&self, link: &Url, bytes: Bytes) -> bool {
        self.http.put(link.clone()).body(bytes).send().await.unwrap().status().is_success()
    }

    fn checks_signatures(&self) -> bool {
        false
    }
}

anb_blob::blob_conformance!(Bucket::new().await);

const KEY: &str = "processed/0190/1/video.mp4";

fn source(size: usize) -> ByteSource {
    stream::iter([Ok(Bytes::from(vec![7; size]))]).boxed()
}

/// More than one part.
const LARGE: usize = 9 << 20;

#[tokio::test]
async fn a_link_shows_the_object_or_saves_it_under_its_name() {
    let bucket = Bucket::new().await;
    bucket.store.put(KEY, "video/mp4", source(10)).await.unwrap();
    let get = |download_as: Option<&str>| {
        let options = LinkOptions {
            expires_in: Duration::from_hours(1),
            content_type: "video/mp4".into(),
            download_as: download_as.map(Into::into),
        };
        let bucket = &bucket;
        async move {
            let link = bucket.store.signed_link(KEY, &options).await.unwrap();
            bucket.http.get(link).send().await.unwrap().error_for_status().unwrap()
        }
    };

    let shown = get(None).await;
    assert_eq!(shown.headers()["content-type"], "video/mp4");
    assert_eq!(shown.headers()["content-disposition"], "inline");
    assert_eq!(shown.bytes().await.unwrap(), vec![7; 10]);
    let saved = get(Some("Canastón.mp4")).await;
    assert_eq!(
        saved.headers()["content-disposition"],
        "attachment; filename=\"Canast_n.mp4\"; filename*=UTF-8''Canast%C3%B3n.mp4"
    );
}

#[tokio::test]
async fn within_five_minutes_the_same_object_has_the_same_link() {
    let clock = Arc::new(FakeClock::default());
    clock.set("2026-05-01T12:03:20.5Z".parse().unwrap());
    let store = S3Store::open(options("clips", clock.clone())).unwrap();
    let link = || async {
        let options = LinkOptions {
            expires_in: Duration::from_hours(1),
            content_type: "video/mp4".into(),
            download_as: None,
        };
        store.signed_link(KEY, &options).await.unwrap()
    };
    let first = link().await;

    clock.advance(Duration::from_secs(90));
    assert_eq!(link().await, first);
    clock.advance(Duration::from_mins(1));
    assert_ne!(link().await, first);

    let parameter =
        |wanted: &str| first.query_pairs().find(|(name, _)| name == wanted).unwrap().1.into_owned();
    assert_eq!(parameter("X-Amz-Date"), "20260501T120000Z");
    assert_eq!(parameter("X-Amz-Expires"), "3900", "an hour and the five minutes");
}

#[tokio::test]
async fn browsers_may_need_another_address_than_we_do() {
    let options = options("clips", Arc::new(SystemClock));
    let public_endpoint = Some("https://files.anb.example".parse().unwrap());
    let store = S3Store::open(S3Options { public_endpoint, ..options }).unwrap();
    let read = LinkOptions {
        expires_in: Duration::from_mins(1),
        content_type: "video/mp4".into(),
        download_as: None,
    };

    let token = anb_blob::UploadToken("upload".into());
    let part = store.part_link(KEY, &token, 1, 10, Duration::from_mins(1)).await.unwrap();
    for link in [store.signed_link(KEY, &read).await.unwrap(), part] {
        assert_eq!(link.host_str(), Some("files.anb.example"));
        assert_eq!(link.path(), "/clips/processed/0190/1/video.mp4");
    }
}

#[tokio::test]
async fn objects_are_encrypted_as_asked() {
    let kms = || Encryption::Kms { key_id: Some("alias/clips".into()) };
    for (encryption, kind, key) in [
        (Encryption::Aes256, "AES256", None),
        (kms(), "aws:kms", Some("alias/clips")),
        (Encryption::Kms { key_id: None }, "aws:kms", None),
    ] {
        let bucket = Bucket::with(|options| S3Options { encryption, ..options }).await;
        for size in [10, LARGE] {
            bucket.store.put(KEY, "video/mp4", source(size)).await.unwrap();
            let headers = bucket.headers_of(KEY).await;
            assert_eq!(headers["x-amz-server-side-encryption"], kind);
            if let Some(key) = key {
                assert_eq!(headers["x-amz-server-side-encryption-aws-kms-key-id"], key);
            }
        }
        let token = bucket.store.begin_parts(KEY, "video/mp4").await.unwrap();
        bucket.store.put_part(KEY, &token, 1, source(20)).await.unwrap();
        bucket.store.complete_parts(KEY, &token).await.unwrap();
        assert_eq!(bucket.headers_of(KEY).await["x-amz-server-side-encryption"], kind);
    }
}

#[tokio::test]
async fn an_object_keeps_its_type() {
    let bucket = Bucket::new().await;
    for size in [10, LARGE] {
        bucket.store.put(KEY, "video/webm", source(size)).await.unwrap();
        assert_eq!(bucket.headers_of(KEY).await["content-type"], "video/webm");
    }
    let token = bucket.store.begin_parts(KEY, "video/quicktime").await.unwrap();
    bucket.store.put_part(KEY, &token, 1, source(20)).await.unwrap();
    bucket.store.complete_parts(KEY, &token).await.unwrap();
    assert_eq!(bucket.headers_of(KEY).await["content-type"], "video/quicktime");
}

#[tokio::test]
async fn a_public_file_is_kept_for_ever_as_what_it_is() {
    let bucket = Bucket::new().await;
    let files = PublicFiles::in_bucket(&options(&bucket.name, Arc::new(SystemClock))).unwrap();
    let (key, style) = ("0123456789abcdef/site.css", "body { margin: 0 }");
    let size = style.len() as u64;
    assert!(!files.has(key, size).await.unwrap());

    files.write(key, "text/css; charset=utf-8", style.into()).await.unwrap();

    let headers = bucket.headers_of(key).await;
    assert_eq!(headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(headers["cache-control"], FOR_EVER);
    assert!(files.has(key, size).await.unwrap());
    assert!(!files.has(key, size + 1).await.unwrap(), "what was cut off is not there");
}

#[tokio::test]
async fn public_files_need_a_bucket() {
    let options = options(&Moto::fresh_name("none"), Arc::new(SystemClock));
    let files = PublicFiles::in_bucket(&options).unwrap();
    let refused = files.write("site.css", "text/css", "".into()).await.unwrap_err();
    assert!(matches!(&refused, BlobError::Unavailable(_)), "{refused}");
    assert!(refused.to_string().contains("NoSuchBucket"), "{refused}");
}

#[tokio::test]
async fn without_the_bucket_nothing_is_said_of_its_objects() {
    let bucket = Bucket::new().await;
    bucket.http.delete(bucket.url("")).send().await.unwrap().error_for_status().unwrap();
    let (store, file) = (&bucket.store, bucket.folder.path().join("copy"));

    let outcomes = [
        store.head(KEY).await.err(),
        store.get(KEY, None).await.err(),
        store.get(KEY, Some(0..1)).await.err(),
        store.get_file(KEY, &file).await.err(),
        store.put(KEY, "video/mp4", source(10)).await.err(),
        store.put(KEY, "video/mp4", source(LARGE)).await.err(),
        store.delete(KEY).await.err(),
        store.list("").try_collect::<Vec<_>>().await.err(),
        store.purge_staged(DateTime::<Utc>::MAX_UTC).await.err(),
        store.begin_parts(KEY, "video/mp4").await.err(),
    ];

    for (number, outcome) in outcomes.into_iter().enumerate() {
        assert!(matches!(outcome, Some(BlobError::Unavailable(_))), "{number}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_bucket_shared_with_others_is_purged_only_below_our_prefixes() {
    let prefixes = vec!["uploads/".to_owned(), "processed/".to_owned()];
    let bucket = Bucket::with(|options| S3Options { prefixes, ..options }).await;
    for key in ["uploads/1/original", KEY, "uploads-of-others/1", "backup/1"] {
        bucket.store.begin_parts(key, "video/mp4").await.unwrap();
    }

    let purged = bucket.store.purge_staged(DateTime::<Utc>::MAX_UTC).await.unwrap();

    assert_eq!((purged, bucket.staged().await), (2, 2));
}

#[tokio::test]
async fn an_upload_is_as_old_as_its_newest_part() {
    let bucket = Bucket::new().await;
    let token = bucket.store.begin_parts(KEY, "video/mp4").await.unwrap();
    bucket.store.put_part(KEY, &token, 1, source(10)).await.unwrap();
    let now = SystemClock.now();

    let purge = |older_than| bucket.store.purge_staged(older_than);
    assert_eq!(purge(now - chrono::TimeDelta::hours(1)).await.unwrap(), 0, "a part is younger");
    assert_eq!(purge(now + chrono::TimeDelta::hours(1)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_part_sent_too_late_is_refused() {
    // S3 answers 404, moto 500.
    let bucket = Bucket::new().await;
    let token = bucket.store.begin_parts(KEY, "video/mp4").await.unwrap();
    let link = bucket.store.part_link(KEY, &token, 1, 3, Duration::from_mins(1)).await.unwrap();
    bucket.store.complete_parts(KEY, &token).await.unwrap();

    let answer = bucket.http.put(link).body("abc").send().await.unwrap();

    assert!(!answer.status().is_success(), "{}", answer.status());
    assert_eq!(bucket.store.head(KEY).await.unwrap().size, 0);
}
