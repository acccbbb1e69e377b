//! Storage and queue on AWS. Credentials, region and endpoints are those that
//! the SDK finds, in its usual order
//! ([AWS SDKs and Tools Reference Guide](https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html)):
//! environment, profile, web identity, the task's role, the machine's role.

use std::sync::Arc;

use anb_blob::{Encryption, S3Options, S3Store};
use anb_config::{Settings, StorageEncryption, StorageSettings};
use anb_domain::Clock;
use anb_ecs::{Ecs, EcsOptions};
use anb_queue::{SqsOptions, SqsQueue};
use anyhow::{Context as _, anyhow};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_types::service_config::ServiceConfigKey;
use url::Url;

/// Where buckets are that nobody has said anything about.
const DEFAULT_REGION: &str = "us-east-1";

/// What AWS may take to tell of the services: a page waits for that.
const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(4);

/// The bucket that the settings name. Nothing is asked yet.
///
/// # Errors
/// A setting is missing or not of use.
pub async fn open_s3(settings: &Settings, clock: Arc<dyn Clock>) -> anyhow::Result<S3Store> {
    let storage = &settings.storage;
    let bucket = storage.bucket.clone().ok_or_else(|| anyhow!("storage.bucket is not set"))?;
    let options = S3Options {
        encryption: encryption(storage),
        prefixes: [&storage.upload_prefix, &storage.processed_prefix]
            .map(|prefix| format!("{}/", prefix.trim_matches('/')))
            .to_vec(),
        ..bucket_options(storage, bucket, clock).await?
    };
    S3Store::open(options).context("cannot use the bucket")
}

/// The way to any bucket that lies where the settings have theirs.
///
/// # Errors
/// A setting is not of use.
pub async fn bucket_options(
    storage: &StorageSettings,
    bucket: String,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<S3Options> {
    let sdk = sdk_config(storage.region.as_deref()).await;
    let credentials = sdk.credentials_provider().context("the SDK looks for no credentials")?;
    let region = sdk.region().map_or(DEFAULT_REGION, Region::as_ref).to_owned();
    Ok(S3Options {
        endpoint: endpoint(storage, &sdk)?,
        public_endpoint: storage.public_endpoint.clone(),
        path_style: storage.path_style,
        ..S3Options::new(bucket, region, credentials, clock)
    })
}

/// The queue that the settings name. Nothing is asked yet.
///
/// # Errors
/// A setting is missing.
pub async fn open_sqs(settings: &Settings) -> anyhow::Result<SqsQueue> {
    let queue = &settings.queue;
    let url = queue.url.as_ref().ok_or_else(|| anyhow!("queue.url is not set"))?;
    let options = SqsOptions {
        dlq_url: queue.dlq_url.as_ref().map(ToString::to_string),
        visibility: std::time::Duration::from_secs(queue.visibility_s),
        ..SqsOptions::new(url.as_str())
    };
    Ok(SqsQueue::new(&sdk_config(None).await, options))
}

/// The services that the settings name, if they name any. Nothing is asked yet.
pub async fn open_services(settings: &Settings) -> Option<Ecs> {
    let (cluster, services) = settings.ecs.shown()?;
    let options = EcsOptions {
        cluster: cluster.to_owned(),
        services: services.into_iter().map(str::to_owned).collect(),
        answer_within: ANSWER_WITHIN,
    };
    Some(Ecs::new(&sdk_config(None).await, options))
}

async fn sdk_config(region: Option<&str>) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    loader.load().await
}

/// Our own setting, S3's in the environment or the profile, or that of all
/// services.
fn endpoint(storage: &StorageSettings, sdk: &SdkConfig) -> anyhow::Result<Option<Url>> {
    if let Some(endpoint) = &storage.endpoint {
        return Ok(Some(endpoint.clone()));
    }
    let key = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .context("the key is complete")?;
    let of_s3 = sdk.service_config().and_then(|config| config.load_config(key));
    let of_all = || sdk.endpoint_url().map(str::to_owned);
    of_s3
        .or_else(of_all)
        .map(|text| text.parse().with_context(|| format!("AWS_ENDPOINT_URL {text:?} is no URL")))
        .transpose()
}

fn encryption(storage: &StorageSettings) -> Encryption {
    match storage.encryption {
        StorageEncryption::BucketDefault => Encryption::BucketDefault,
        StorageEncryption::Aes256 => Encryption::Aes256,
        StorageEncryption::Kms => Encryption::Kms { key_id: storage.kms_key_id.clone() },
    }
}
