//! `ANB_SECTION__KEY`, and the names that deployments already use.

use figment::value::Value;

use super::{Assignment, Origin};

/// Names a settings file; sets nothing itself.
pub(super) const FILE: &str = "ANB_CONFIG";

const PREFIX: &str = "ANB_";

/// Variables that are read as they are, and what they set.
pub const DEPLOYMENT_NAMES: [(&str, &str); 9] = [
    ("DATABASE_URL", "database.url"),
    ("SECRET_KEY", "auth.secret_key"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "auth.access_token_expire_minutes"),
    ("AWS_S3_BUCKET", "storage.bucket"),
    ("S3_UPLOAD_PREFIX", "storage.upload_prefix"),
    ("S3_PROCESSED_PREFIX", "storage.processed_prefix"),
    ("SQS_QUEUE_URL", "queue.url"),
    ("SQS_DLQ_URL", "queue.dlq_url"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "tracing.endpoint"),
];

/// The settings among these variables; `ANB_…` wins over the deployment's
/// names, being the more deliberate.
pub(super) fn read(variables: &[(String, String)]) -> Vec<Assignment> {
    let assignments = |key_of: fn(&str) -> Option<String>| {
        variables.iter().filter_map(move |(name, value)| {
            Some(Assignment {
                key: key_of(name)?,
                value: Value::from(value.as_str()),
                origin: Origin::Variable(name.clone()),
            })
        })
    };
    assignments(deployment_key).chain(assignments(own_key)).collect()
}

fn deployment_key(name: &str) -> Option<String> {
    let (_, key) = DEPLOYMENT_NAMES.iter().find(|(known, _)| *known == name)?;
    Some((*key).to_owned())
}

fn own_key(name: &str) -> Option<String> {
    if name == FILE {
        return None;
    }
    Some(name.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", "."))
}

/// The variable that sets `key`: `ANB_WEB__LISTEN` for `web.listen`.
pub(crate) fn variable_for(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"))
}
