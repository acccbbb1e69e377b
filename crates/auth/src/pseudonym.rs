//! Names that say that two things are the same, and nothing else: keyed hashes
//! ([HMAC](https://www.rfc-editor.org/rfc/rfc2104) with SHA-256), which nobody
//! can undo, or make again from a guess, without our key.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Gives pseudonyms for one purpose: those for another share nothing with them.
#[derive(Clone)]
pub struct Pseudonyms(Hmac<Sha256>);

/// Bytes of a pseudonym: far too many for two things to have the same by
/// chance.
const LENGTH: usize = 16;

impl Pseudonyms {
    #[must_use]
    pub fn new(secret: &SecretString, purpose: &str) -> Self {
        let mut key = keyed(secret.expose_secret().as_bytes());
        key.update(b"pseudonyms\0");
        key.update(purpose.as_bytes());
        Self(keyed(&key.finalize().into_bytes()))
    }

    /// 32 hexadecimal digits.
    #[must_use]
    pub fn of(&self, what: impl AsRef<[u8]>) -> String {
        let mut mac = self.0.clone();
        mac.update(what.as_ref());
        let mac = mac.finalize().into_bytes();
        mac.iter().take(LENGTH).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_has_the_same_name_for_one_key_and_purpose_only() {
        let names = |secret: &str, purpose| Pseudonyms::new(&secret.into(), purpose).of("Ana");
        assert_eq!(names("one secret", "networks"), names("one secret", "networks"));
        assert_ne!(names("one secret", "networks"), names("one secret", "devices"));
        assert_ne!(names("one secret", "networks"), names("another", "networks"));
        let own = Pseudonyms::new(&"one secret".into(), "networks");
        assert_ne!(own.of("Ana"), own.of("Luis"));
        assert!(own.of("Ana").len() == 32 && !own.of("Ana").contains("Ana"));
    }
}
