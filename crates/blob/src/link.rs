//! Signed links of our own: `{base}/media/{key}?expires=…&type=…&signature=…`.

use std::{sync::Arc, time::Duration};

use anb_domain::Clock;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;
use url::Url;

use crate::{LinkOptions, hex};

/// Links end on multiples of this many seconds, so that within each such span
/// the same object has the same link and browsers find it in their cache.
const GRAIN_S: i64 = 300;

/// What the key of the links is derived for, so that no other use of the same
/// secret can produce or take a signature of ours.
const PURPOSE: &[u8] = b"anb-video signed link v1";

/// Makes and checks signed links.
pub struct LinkSigner {
    base: Url,
    mac: Hmac<Sha256>,
    clock: Arc<dyn Clock>,
}

/// What a signed link carries in its query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkQuery {
    /// Seconds since 1970 from which on the link is dead.
    pub expires: i64,
    #[serde(rename = "type")]
    pub content_type: String,
    #[serde(rename = "name", default, skip_serializing_if = "Option::is_none")]
    pub download_as: Option<String>,
    /// HMAC-SHA256 over all the rest and the key, lower-case hexadecimal.
    pub signature: String,
}

/// What a genuine link asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedLink {
    pub content_type: String,
    /// Save under this name instead of showing.
    pub download_as: Option<String>,
    /// For how long the link is still good; so may the answer be cached.
    pub expires_in: Duration,
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
    /// Links below `base`, signed with a key derived from `key`.
    ///
    /// # Panics
    /// When nothing can be below `base`, as with `mailto:`.
    #[must_use]
    pub fn new(base: Url, key: &[u8], clock: Arc<dyn Clock>) -> Self {
        assert!(!base.cannot_be_a_base(), "{base} cannot be the base of links");
        let derived = keyed(key).chain_update(PURPOSE).finalize().into_bytes();
        Self { base, mac: keyed(&derived), clock }
    }

    /// A link to `key`, good for at least as long as asked and up to five
    /// minutes longer.
    #[must_use]
    pub fn sign(&self, key: &str, options: &LinkOptions) -> Url {
        let LinkOptions { expires_in, content_type, download_as } = options;
        let seconds = i64::try_from(expires_in.as_secs()).unwrap_or(i64::MAX / 2);
        let asked = self.clock.now().timestamp().saturating_add(seconds);
        let expires = (asked.div_euclid(GRAIN_S) + 1) * GRAIN_S;
        let mac = self.mac(key, expires, content_type, download_as.as_deref());

        let mut url = self.base.clone();
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("media").extend(key.split('/'));
        }
        let mut query = url.query_pairs_mut();
        query.clear().append_pair("expires", &expires.to_string());
        query.append_pair("type", content_type);
        if let Some(name) = download_as {
            query.append_pair("name", name);
        }
        query.append_pair("signature", &hex::encode(&mac.finalize().into_bytes()));
        drop(query);
        url
    }

    /// Checks the query of a link to `key`, in constant time.
    pub fn verify(&self, key: &str, query: &LinkQuery) -> Result<VerifiedLink, LinkError> {
        let LinkQuery { expires, content_type, download_as, signature } = query;
        let signature = hex::decode(signature).ok_or(LinkError::Forged)?;
        self.mac(key, *expires, content_type, download_as.as_deref())
            .verify_slice(&signature)
            .map_err(|_| LinkError::Forged)?;
        match expires.saturating_sub(self.clock.now().timestamp()) {
            ..=0 => Err(LinkError::Expired),
            left => Ok(VerifiedLink {
                content_type: content_type.clone(),
                download_as: download_as.clone(),
                expires_in: Duration::from_secs(left.unsigned_abs()),
            }),
        }
    }

    /// Every field is preceded by its length, so that no two links have the
    /// same bytes signed.
    fn mac(&self, key: &str, expires: i64, content_type: &str, name: Option<&str>) -> Hmac<Sha256> {
        let expires = expires.to_be_bytes();
        let fields = [Some(key.as_bytes()), Some(&expires), Some(content_type.as_bytes())];
        let mut mac = self.mac.clone();
        for field in fields.into_iter().chain([name.map(str::as_bytes)]).flatten() {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field);
        }
        mac
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}
