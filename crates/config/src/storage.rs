//! Where originals and results are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::check::Report;

/// Which kind of storage holds the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// A folder of this machine.
    Local,
    /// A bucket of Amazon S3, or of a service that speaks its language.
    S3,
}

/// How objects are encrypted where they lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StorageEncryption {
    /// As the bucket is set up; nothing is said about it. At Amazon that is
    /// at least `aes256`.
    #[default]
    BucketDefault,
    /// With keys of S3's own (SSE-S3).
    Aes256,
    /// With a key of the key management service (SSE-KMS).
    Kms,
}

/// Section `storage`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StorageSettings {
    /// Which kind of storage holds the objects. Default: `s3` when
    /// `storage.bucket` is set, otherwise `local`.
    pub kind: Option<StorageKind>,
    /// The folder of the `local` kind. Default `data_dir/objects`.
    pub dir: Option<PathBuf>,
    /// The bucket of the `s3` kind, which must be there already;
    /// `AWS_S3_BUCKET` in the environment. Credentials are never settings: they
    /// come from where the AWS SDK finds them (environment, profile, web
    /// identity, the task's role).
    pub bucket: Option<String>,
    /// The bucket's region. Default: what the AWS SDK finds (`AWS_REGION`, a
    /// profile), otherwise `us-east-1`.
    pub region: Option<String>,
    /// Address of another service than Amazon's. Default: what the AWS SDK
    /// finds (`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`), otherwise Amazon's.
    pub endpoint: Option<Url>,
    /// Address under which browsers reach the same service, if it is another
    /// one; signed links begin with it. Default: `endpoint`.
    pub public_endpoint: Option<Url>,
    /// Whether the bucket's name goes into the path of addresses instead of
    /// the host. Default: yes with an `endpoint`, no at Amazon.
    pub path_style: Option<bool>,
    /// How objects are encrypted in the bucket. Default `bucket_default`.
    pub encryption: StorageEncryption,
    /// Id or ARN of the key for `kms`. Default: the account's own key for S3.
    pub kms_key_id: Option<String>,
    /// Prefix of uploaded originals. `S3_UPLOAD_PREFIX` in the environment.
    /// Default `uploads`.
    pub upload_prefix: String,
    /// Prefix of results. `S3_PROCESSED_PREFIX` in the environment. Default
    /// `processed`.
    pub processed_prefix: String,
    /// How long a signed link is good for, in seconds; on S3 at most until the
    /// credentials that signed it end. Default 3600.
    pub link_ttl_s: u64,
}

impl Default for StorageSettings {
    fn default() -> Self {
        Self {
            kind: None,
            dir: None,
            bucket: None,
            region: None,
            endpoint: None,
            public_endpoint: None,
            path_style: None,
            encryption: StorageEncryption::BucketDefault,
            kms_key_id: None,
            upload_prefix: "uploads".into(),
            processed_prefix: "processed".into(),
            link_ttl_s: 3600,
        }
    }
}

impl StorageSettings {
    /// The longest life of a presigned S3 link: seven days.
    const MAX_LINK_TTL_S: u64 = 604_800;

    /// The storage that was chosen, or that the other settings call for.
    #[must_use]
    pub fn kind(&self) -> StorageKind {
        let called_for = if self.bucket.is_some() { StorageKind::S3 } else { StorageKind::Local };
        self.kind.unwrap_or(called_for)
    }

    pub(crate) fn check(&self, report: &mut Report) {
        report.within("storage.link_ttl_s", self.link_ttl_s, 1, Self::MAX_LINK_TTL_S);
        self.check_bucket(report);
        self.check_prefixes(report);
    }

    fn check_bucket(&self, report: &mut Report) {
        report.require(
            self.kind() != StorageKind::S3 || self.bucket.is_some(),
            &["storage.kind", "storage.bucket"],
            "storage on S3 needs the name of a bucket (AWS_S3_BUCKET)",
        );
        report.bucket("storage.bucket", self.bucket.as_deref());
        let region = self.region.as_deref();
        report.require(region.is_none_or(is_region), &["storage.region"], REGION_RULE);
        for (key, url) in [
            ("storage.endpoint", &self.endpoint),
            ("storage.public_endpoint", &self.public_endpoint),
        ] {
            let holds = url.as_ref().is_none_or(|url| matches!(url.scheme(), "http" | "https"));
            report.require(holds, &[key], "must begin with http:// or https://");
        }
        report.require(
            self.kms_key_id.is_none() || self.encryption == StorageEncryption::Kms,
            &["storage.kms_key_id", "storage.encryption"],
            "a key is used only with the encryption `kms`",
        );
    }

    fn check_prefixes(&self, report: &mut Report) {
        let (upload, processed) = (self.upload_prefix.as_str(), self.processed_prefix.as_str());
        report.require(is_prefix(upload), &["storage.upload_prefix"], PREFIX_RULE);
        report.require(is_prefix(processed), &["storage.processed_prefix"], PREFIX_RULE);
        let apart = |one: &str, other: &str| !format!("{one}/").starts_with(&format!("{other}/"));
        let (upload, processed) = (upload.trim_matches('/'), processed.trim_matches('/'));
        for (key, prefix) in
            [("storage.upload_prefix", upload), ("storage.processed_prefix", processed)]
        {
            // Below it, in the links of local storage, lie those of parts.
            let holds = prefix.split('/').next() != Some("parts");
            report.require(holds, &[key], "must not begin with `parts`, which links to parts do");
        }
        report.require(
            apart(upload, processed) && apart(processed, upload),
            &["storage.upload_prefix", "storage.processed_prefix"],
            "must differ, and neither may lie below the other",
        );
    }
}

const PREFIX_RULE: &str = "must be one or more names of letters, digits, `-`, `_` and `.`, \
                           separated by `/`";

const REGION_RULE: &str = "must be the name of a region, like `us-east-1`";

fn is_region(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(plain)
}

fn is_prefix(text: &str) -> bool {
    let is_name = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !name.trim_matches('.').is_empty() && name.chars().all(plain)
    };
    text.trim_matches('/').split('/').all(is_name)
}
