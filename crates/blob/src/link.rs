//! Signed links of our own: `{base}/media/{key}?expires=…&type=…&signature=…` to
//! read an object, and
//! `{base}/media/parts/{token}/{number}?key=…&size=…&expires=…&signature=…` to
//! send a part of one.

use std::{sync::Arc, time::Duration};

use anb_domain::Clock;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;
use url::Url;

use crate::{LinkOptions, UploadToken, hex};

/// Links end on multiples of this many seconds, so that within each such span
/// the same object has the same link and browsers find it in their cache.
const GRAIN_S: i64 = 300;

/// What the key of the links is derived for, so that no other use of the same
/// secret can produce or take a signature of ours.
const READ_PURPOSE: &[u8] = b"anb-video signed link v1";
/// The same for links that take parts: one kind never passes for the other.
const PART_PURPOSE: &[u8] = b"anb-video part link v1";

/// Makes and checks signed links.
pub struct LinkSigner {
    base: Url,
    read_mac: Hmac<Sha256>,
    part_mac: Hmac<Sha256>,
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

/// What a part link carries in its query; token and number are in its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartQuery {
    /// Of the object that the parts become.
    pub key: String,
    /// Bytes that the part must have.
    pub size: u64,
    /// Seconds since 1970 from which on the link is dead.
    pub expires: i64,
    /// HMAC-SHA256 over all the rest, token and number, lower-case hexadecimal.
    pub signature: String,
}

/// What a genuine part link allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPart {
    pub key: String,
    pub token: UploadToken,
    pub number: u32,
    /// Bytes that the part must have, no more and no fewer
    /// ([`exactly`](crate::exactly)).
    pub size: u64,
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
        let derived = |purpose| keyed(&keyed(key).chain_update(purpose).finalize().into_bytes());
        Self { base, read_mac: derived(READ_PURPOSE), part_mac: derived(PART_PURPOSE), clock }
    }

    /// A link to `key`, good for at least as long as asked and up to five
    /// minutes longer.
    #[must_use]
    pub fn sign(&self, key: &str, options: &LinkOptions) -> Url {
        let LinkOptions { expires_in, content_type, download_as } = options;
        let expires = (self.end_of(*expires_in).div_euclid(GRAIN_S) + 1) * GRAIN_S;
        let mac = self.mac(key, expires, content_type, download_as.as_deref());

        let mut url = self.url(["media"].into_iter().chain(key.split('/')));
        let mut query = url.query_pairs_mut();
        query.clear().append_pair("expires", &expires.to_string());
        query.append_pair("type", content_type);
        if let Some(name) = download_as {
            query.append_pair("name", name);
        }
        query.append_pair("signature", &signature(mac));
        drop(query);
        url
    }

    /// Checks the query of a link to `key`, in constant time.
    pub fn verify(&self, key: &str, query: &LinkQuery) -> Result<VerifiedLink, LinkError> {
        let LinkQuery { expires, content_type, download_as, signature } = query;
        check(self.mac(key, *expires, content_type, download_as.as_deref()), signature)?;
        Ok(VerifiedLink {
            content_type: content_type.clone(),
            download_as: download_as.clone(),
            expires_in: self.left_until(*expires)?,
        })
    }

    /// A link to which part `number` of `size` bytes can be sent for as long as
    /// asked.
    #[must_use]
    pub fn sign_part(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        size: u64,
        expires_in: Duration,
    ) -> Url {
        let expires = self.end_of(expires_in);
        let mac = self.mac_of_part(key, token, number, size, expires);
        let mut url = self.url(["media", "parts", &token.0, &number.to_string()].into_iter());
        url.query_pairs_mut()
            .clear()
            .append_pair("key", key)
            .append_pair("size", &size.to_string())
            .append_pair("expires", &expires.to_string())
            .append_pair("signature", &signature(mac));
        url
    }

    /// Checks the query of a part link, in constant time.
    pub fn verify_part(
        &self,
        token: &str,
        number: u32,
        query: &PartQuery,
    ) -> Result<VerifiedPart, LinkError> {
        let PartQuery { key, size, expires, signature } = query;
        let token = UploadToken(token.to_owned());
        check(self.mac_of_part(key, &token, number, *size, *expires), signature)?;
        self.left_until(*expires)?;
        Ok(VerifiedPart { key: key.clone(), token, number, size: *size })
    }

    /// Seconds since 1970, `expires_in` from now.
    fn end_of(&self, expires_in: Duration) -> i64 {
        let seconds = i64::try_from(expires_in.as_secs()).unwrap_or(i64::MAX / 2);
        self.clock.now().timestamp().saturating_add(seconds)
    }

    fn left_until(&self, expires: i64) -> Result<Duration, LinkError> {
        match expires.saturating_sub(self.clock.now().timestamp()) {
            ..=0 => Err(LinkError::Expired),
            left => Ok(Duration::from_secs(left.unsigned_abs())),
        }
    }

    fn url<'a>(&self, segments: impl Iterator<Item = &'a str>) -> Url {
        let mut url = self.base.clone();
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    fn mac(&self, key: &str, expires: i64, content_type: &str, name: Option<&str>) -> Hmac<Sha256> {
        let expires = expires.to_be_bytes();
        let fields = [Some(key.as_bytes()), Some(&expires), Some(content_type.as_bytes())];
        over(&self.read_mac, fields.into_iter().chain([name.map(str::as_bytes)]).flatten())
    }

    fn mac_of_part(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        size: u64,
        expires: i64,
    ) -> Hmac<Sha256> {
        let (number, size, expires) =
            (number.to_be_bytes(), size.to_be_bytes(), expires.to_be_bytes());
        let fields: [&[u8]; 5] = [key.as_bytes(), token.0.as_bytes(), &number, &size, &expires];
        over(&self.part_mac, fields.into_iter())
    }
}

/// Every field is preceded by its length, so that no two links have the same
/// bytes signed.
fn over<'a>(mac: &Hmac<Sha256>, fields: impl Iterator<Item = &'a [u8]>) -> Hmac<Sha256> {
    let mut mac = mac.clone();
    for field in fields {
        mac.update(&(field.len() as u64).to_be_bytes());
        mac.update(field);
    }
    mac
}

fn signature(mac: Hmac<Sha256>) -> String {
    hex::encode(&mac.finalize().into_bytes())
}

fn check(mac: Hmac<Sha256>, signature: &str) -> Result<(), LinkError> {
    let signature = hex::decode(signature).ok_or(LinkError::Forged)?;
    mac.verify_slice(&signature).map_err(|_| LinkError::Forged)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}
