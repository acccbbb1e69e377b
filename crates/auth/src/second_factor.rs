//! The second factor: codes by time
//! ([RFC 6238](https://www.rfc-editor.org/rfc/rfc6238)) from a secret that is
//! kept sealed, and recovery codes of which only hashes are kept.

use anb_domain::PlayerId;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    ChaCha20Poly1305, Key, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac as _};
use qrcode::{QrCode, render::svg};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use totp_rs::{Algorithm, TOTP};

/// What apps take: six digits, another thirty seconds later, SHA-1.
const DIGITS: usize = 6;
const STEP_SECONDS: i64 = 30;

/// Steps by which a phone's clock may be early or late.
const SKEW: i64 = 1;

/// As long as the hash's output, which RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
const NONCE_BYTES: usize = 12;

/// How many recovery codes somebody has.
const RECOVERY_CODES: usize = 10;
/// 80 bits each: nobody guesses one.
const RECOVERY_BYTES: usize = 10;

/// Letters of base 32 that nobody mistakes for each other (Crockford's).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SecondFactorError {
    #[error("the machine gives no random bytes")]
    NoRandomness,
    #[error("the secret is sealed with another key, or for somebody else")]
    Sealed,
    #[error("the secret makes no code")]
    Malformed,
}

/// Seals secrets with a key made from ours, and opens them.
pub struct Seal(ChaCha20Poly1305);

impl Seal {
    #[must_use]
    pub fn new(secret_key: &SecretString) -> Self {
        let mut key =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret_key.expose_secret().as_bytes())
                .expect("HMAC takes keys of any length");
        key.update(b"second factors\0");
        let key: [u8; 32] = key.finalize().into_bytes().into();
        Self(ChaCha20Poly1305::new(&Key::from(key)))
    }

    /// For one person: nobody else's row can stand in for it.
    pub fn close(&self, owner: PlayerId, secret: &[u8]) -> Result<String, SecondFactorError> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let payload = Payload { msg: secret, aad: owner.0.as_bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| SecondFactorError::Sealed)?;
        Ok(BASE64_STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    pub fn open(&self, owner: PlayerId, sealed: &str) -> Result<Vec<u8>, SecondFactorError> {
        let bytes = BASE64_STANDARD.decode(sealed).map_err(|_| SecondFactorError::Sealed)?;
        let (nonce, sealed) =
            bytes.split_at_checked(NONCE_BYTES).ok_or(SecondFactorError::Sealed)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SecondFactorError::Sealed)?;
        let payload = Payload { msg: sealed, aad: owner.0.as_bytes() };
        self.0.decrypt(&Nonce::from(nonce), payload).map_err(|_| SecondFactorError::Sealed)
    }
}

/// What somebody's app makes codes from.
pub struct TotpSecret(TOTP);

impl TotpSecret {
    /// The bytes of a new one.
    pub fn generate() -> Result<[u8; SECRET_BYTES], SecondFactorError> {
        random()
    }

    /// `showcase` and `account` are what the app shows beside the code.
    pub fn new(secret: &[u8], showcase: &str, account: &str) -> Result<Self, SecondFactorError> {
        // A colon ends the first name in the address that the app reads.
        let plain = |name: &str| name.replace(':', " ");
        let (issuer, account) = (Some(plain(showcase)), plain(account));
        let step = STEP_SECONDS.unsigned_abs();
        TOTP::new(Algorithm::SHA1, DIGITS, 0, step, secret.to_vec(), issuer, account)
            .map(Self)
            .map_err(|_| SecondFactorError::Malformed)
    }

    /// For typing into the app.
    #[must_use]
    pub fn base32(&self) -> String {
        self.0.get_secret_base32()
    }

    /// For the app's camera: the address as a QR code, an SVG picture.
    pub fn qr_code(&self) -> Result<String, SecondFactorError> {
        let code = QrCode::new(self.0.get_url()).map_err(|_| SecondFactorError::Malformed)?;
        let picture = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
        Ok(format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(picture)))
    }

    /// The step whose code this is, around now, if it comes after `last`: no
    /// code is taken twice.
    #[must_use]
    pub fn step_of(&self, code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let current = now.timestamp().div_euclid(STEP_SECONDS);
        let mut steps = (current - SKEW..=current + SKEW).filter(|step| *step > last);
        steps.find(|step| self.0.check(&code, (step * STEP_SECONDS).unsigned_abs()))
    }

    /// The code of a moment.
    #[must_use]
    pub fn code_at(&self, moment: DateTime<Utc>) -> String {
        self.0.generate(moment.timestamp().unsigned_abs())
    }
}

/// New recovery codes, for their owner's eyes only: `4k7d-9m2x-…`.
pub fn recovery_codes() -> Result<Vec<String>, SecondFactorError> {
    (0..RECOVERY_CODES).map(|_| Ok(grouped(&random::<RECOVERY_BYTES>()?))).collect()
}

fn grouped(bytes: &[u8; RECOVERY_BYTES]) -> String {
    let number = bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let letters =
        (0..16).rev().map(|place| char::from(LETTERS[(number >> (5 * place)) as usize % 32]));
    let letters: Vec<char> = letters.collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// What is kept of a recovery code, of a session's token: enough to know it
/// again, and nothing to guess it from. Both are random and long, so that a
/// plain hash is as good as a slow one.
#[must_use]
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// The digest of a recovery code as somebody types it.
#[must_use]
pub fn recovery_digest(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    digest(&letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>())
}

/// A token that nobody guesses.
pub fn random_token() -> Result<String, SecondFactorError> {
    Ok(hex(&random::<32>()?))
}

fn random<const N: usize>() -> Result<[u8; N], SecondFactorError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SecondFactorError::NoRandomness)?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    const ANA: PlayerId = PlayerId(Uuid::from_u128(1));
    const LUIS: PlayerId = PlayerId(Uuid::from_u128(2));

    fn moment() -> DateTime<Utc> {
        "2026-05-01T12:00:10Z".parse().unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_for_its_owner_and_our_key_only() {
        let seal = Seal::new(&"one secret".into());
        let sealed = seal.close(ANA, b"a secret of ana's").unwrap();
        assert_eq!(seal.open(ANA, &sealed).unwrap(), b"a secret of ana's");
        assert_ne!(seal.close(ANA, b"a secret of ana's").unwrap(), sealed, "never sealed alike");
        assert_eq!(seal.open(LUIS, &sealed), Err(SecondFactorError::Sealed));
        assert!(Seal::new(&"another".into()).open(ANA, &sealed).is_err());
        for broken in ["", "AAAA", "no base 64"] {
            assert_eq!(seal.open(ANA, broken), Err(SecondFactorError::Sealed));
        }
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, of which apps show the last six digits.
        let secret = TotpSecret::new(b"12345678901234567890", "ANB", "ana").unwrap();
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]
        {
            assert_eq!(secret.code_at(DateTime::from_timestamp(seconds, 0).unwrap()), code);
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_more_or_less_and_once() {
        let secret =
            TotpSecret::new(&TotpSecret::generate().unwrap(), "ANB: Video", "ana").unwrap();
        let (now, step) = (moment(), moment().timestamp() / 30);
        let code_after = |seconds| secret.code_at(now + TimeDelta::seconds(seconds));
        assert_eq!(secret.step_of(&code_after(0), now, 0), Some(step));
        assert_eq!(secret.step_of(&code_after(-30), now, 0), Some(step - 1));
        assert_eq!(secret.step_of(&code_after(30), now, 0), Some(step + 1));
        assert_eq!(secret.step_of(&code_after(-90), now, 0), None);
        assert_eq!(secret.step_of(&code_after(0), now, step), None, "taken before");
        let spaced = format!(" {} {}", &code_after(0)[..3], &code_after(0)[3..]);
        assert_eq!(secret.step_of(&spaced, now, 0), Some(step));
        assert_eq!(secret.step_of("", now, 0), None);
    }

    #[test]
    fn recovery_codes_are_many_different_and_known_however_they_are_typed() {
        let codes = recovery_codes().unwrap();
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), different.len(), codes[0].len()), (10, 10, 19));
        let typed = format!(" {} ", codes[0].to_uppercase().replace('-', " "));
        assert_eq!(recovery_digest(&typed), recovery_digest(&codes[0]));
        assert_ne!(recovery_digest(&codes[1]), recovery_digest(&codes[0]));
    }
}
