//! Signed links of our own.

use std::sync::Arc;

use anb_domain::Clock;
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use crate::LinkOptions;

/// Makes and checks signed links.
pub struct LinkSigner {
    base: Url,
    clock: Arc<dyn Clock>,
}

/// What a signed link carries in its query.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LinkQuery {
    /// Seconds since 1970 from which on the link is dead.
    pub expires: i64,
    #[serde(rename = "type")]
    pub content_type: String,
    #[serde(rename = "name")]
    pub download_as: Option<String>,
    pub signature: String,
}

/// What a genuine link asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedLink {
    pub content_type: String,
    pub download_as: Option<String>,
}

/// Why a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LinkError {
    #[error("the link has expired")]
    Expired,
    #[error("the link is not one of ours")]
    Forged,
}

impl LinkSigner {
    /// Links below `base`, signed with `key`.
    #[must_use]
    pub fn new(base: Url, key: &[u8], clock: Arc<dyn Clock>) -> Self {
        todo!()
    }

    /// A link to `key`.
    #[must_use]
    pub fn sign(&self, key: &str, options: &LinkOptions) -> Url {
        todo!()
    }

    /// Checks a link to `key`.
    pub fn verify(&self, key: &str, query: &LinkQuery) -> Result<VerifiedLink, LinkError> {
        todo!()
    }
}
