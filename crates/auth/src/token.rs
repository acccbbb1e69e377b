//! JSON Web Tokens signed with HMAC-SHA-256
//! ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)): the public service's
//! access tokens, and the console's sessions.

use std::sync::{Arc, Once};

use anb_domain::{Clock, PlayerId};
use anb_store::Player;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, crypto::rust_crypto};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The token could not be signed.
pub type TokenError = jsonwebtoken::errors::Error;

/// The token is not ours, altered, too old, or meant for somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the token is not valid")]
pub struct InvalidToken;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: PlayerId,
    /// To the microsecond: what was issued just before a moment is told from
    /// what was issued just after.
    iat: f64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
}

/// A token that is good: whose it is, and when it was given out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Issued {
    pub to: PlayerId,
    pub at: DateTime<Utc>,
}

impl Issued {
    /// Whether it is over although it is still good: its owner's sessions have
    /// been revoked since.
    #[must_use]
    pub fn is_revoked(&self, owner: &Player) -> bool {
        owner.sessions_revoked_at.is_some_and(|revoked| self.at <= revoked)
    }
}

/// Issues and reads tokens.
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    lifetime: TimeDelta,
    clock: Arc<dyn Clock>,
    /// Whom they are for; without it, the public service.
    audience: Option<&'static str>,
}

impl Tokens {
    #[must_use]
    pub fn new(secret: &SecretString, lifetime_minutes: u32, clock: Arc<dyn Clock>) -> Self {
        install_provider();
        let secret = secret.expose_secret().as_bytes();
        Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            lifetime: TimeDelta::minutes(lifetime_minutes.into()),
            clock,
            audience: None,
        }
    }

    /// For one audience only: nobody else takes these tokens, and it takes no
    /// others, although all are signed with the same key.
    #[must_use]
    pub fn only_for(self, audience: &'static str) -> Self {
        Self { audience: Some(audience), ..self }
    }

    /// For how long a new token is good, in seconds.
    #[must_use]
    pub fn expires_in(&self) -> i64 {
        self.lifetime.num_seconds()
    }

    pub fn issue(&self, player: PlayerId) -> Result<String, TokenError> {
        let now = self.clock.now();
        let claims = Claims {
            sub: player,
            iat: now.timestamp_micros() as f64 / 1e6,
            exp: (now + self.lifetime).timestamp(),
            aud: self.audience.map(str::to_owned),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
    }

    /// Whose token this is.
    pub fn read(&self, token: &str) -> Result<PlayerId, InvalidToken> {
        self.issued(token).map(|issued| issued.to)
    }

    /// Whose token this is, and since when.
    pub fn issued(&self, token: &str) -> Result<Issued, InvalidToken> {
        let mut validation = Validation::new(Algorithm::HS256);
        // The library asks the machine for the time; we ask our clock below.
        validation.validate_exp = false;
        // Where we expect none, the library refuses a token that names one.
        if let Some(audience) = self.audience {
            validation.set_audience(&[audience]);
            validation.set_required_spec_claims(&["exp", "aud"]);
        }
        let token = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation)
            .map_err(|_| InvalidToken)?;
        if token.claims.exp <= self.clock.now().timestamp() {
            return Err(InvalidToken);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a moment is far from the limit")]
        let at = DateTime::from_timestamp_micros((token.claims.iat * 1e6).round() as i64);
        Ok(Issued { to: token.claims.sub, at: at.ok_or(InvalidToken)? })
    }
}

/// The library panics at the first token if another crate in the build has
/// switched on its second provider and none was chosen.
fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the process has chosen one before: just as good.
        let _chosen = rust_crypto::DEFAULT_PROVIDER.install_default();
    });
}

#[cfg(test)]
mod tests {
    use anb_domain::SystemClock;
    use uuid::Uuid;

    use super::*;

    const ANA: PlayerId = PlayerId(Uuid::from_u128(1));

    fn tokens(secret: &str, lifetime_minutes: u32) -> Tokens {
        Tokens::new(&secret.into(), lifetime_minutes, Arc::new(SystemClock))
    }

    #[test]
    fn a_token_names_its_player() {
        let tokens = tokens("one secret", 60);
        assert_eq!(tokens.read(&tokens.issue(ANA).unwrap()), Ok(ANA));
    }

    #[test]
    fn foreign_old_altered_and_unsigned_tokens_are_refused() {
        let ours = tokens("one secret", 60);
        let foreign = tokens("another secret", 60).issue(ANA).unwrap();
        let old = tokens("one secret", 0).issue(ANA).unwrap();
        let altered = ours.issue(ANA).unwrap().replacen('.', ".e", 1);
        // {"alg":"none"} with claims that never expire
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJpYXQiOjAsImV4cCI6OTk5OTk5OTk5OTl9.";
        for token in [foreign.as_str(), &old, &altered, unsigned, "", "x.y.z"] {
            assert_eq!(ours.read(token), Err(InvalidToken), "{token}");
        }
    }

    #[test]
    fn a_token_for_one_audience_opens_no_other_door() {
        let public = tokens("one secret", 60);
        let console = tokens("one secret", 60).only_for("console");
        let jury = tokens("one secret", 60).only_for("jury");
        let session = console.issue(ANA).unwrap();
        assert_eq!(console.read(&session), Ok(ANA));
        assert_eq!(public.read(&session), Err(InvalidToken));
        assert_eq!(jury.read(&session), Err(InvalidToken));
        assert_eq!(console.read(&public.issue(ANA).unwrap()), Err(InvalidToken));
    }
}
