//! Who someone is: passwords and access tokens.

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{check::Report, secret::weakness};

/// Section `auth`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSettings {
    /// Signs access tokens and links; at least 32 characters. `SECRET_KEY` in
    /// the environment. When absent, the embedded default makes one and keeps
    /// it in `data_dir/secret_key` (mode 0600); everywhere else a start
    /// without it is refused, because tasks with different keys would refuse
    /// each other's tokens.
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub secret_key: Option<SecretString>,
    /// How long an access token is good for, in minutes. Default 60.
    /// `ACCESS_TOKEN_EXPIRE_MINUTES` in the environment.
    pub access_token_expire_minutes: u32,
    /// Passwords hashed at the same time; each takes 19 MiB and one core for
    /// some 30 ms. Default: the number of cores.
    pub max_concurrent_hashes: Option<usize>,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self { secret_key: None, access_token_expire_minutes: 60, max_concurrent_hashes: None }
    }
}

impl AuthSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        let weakness = self.secret_key.as_ref().and_then(|key| weakness(key.expose_secret()));
        let strong = weakness.is_none();
        report.require(strong, &["auth.secret_key"], weakness.unwrap_or_default());
        let minutes = self.access_token_expire_minutes;
        report.within("auth.access_token_expire_minutes", minutes, 1, 30 * 24 * 60);
        if let Some(hashes) = self.max_concurrent_hashes {
            report.at_least("auth.max_concurrent_hashes", hashes, 1);
        }
    }
}
