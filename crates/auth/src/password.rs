//! Passwords: hashed with Argon2id, off the async threads, a bounded number
//! at once.

use std::{num::NonZeroUsize, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::{sync::Semaphore, task::JoinError};

/// What a hash costs whoever computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    pub memory_kib: u32,
    pub iterations: u32,
    pub lanes: u32,
}

impl Default for HashCost {
    /// The second of the settings that OWASP holds for equally strong
    /// ([Password Storage Cheat Sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id)).
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, lanes: 1 }
    }
}

#[derive(Debug, Error)]
pub enum PasswordError {
    #[error("hashing failed: {0}")]
    Hash(#[from] password_hash::Error),
    #[error("the kept hash cannot be read: {0}")]
    Kept(#[from] password_hash::phc::Error),
    #[error("the hashing thread was lost: {0}")]
    Thread(#[from] JoinError),
}

/// Hashes and compares passwords.
pub struct Passwords {
    argon2: Argon2<'static>,
    slots: Arc<Semaphore>,
}

impl Passwords {
    /// `at_once` defaults to the number of cores.
    ///
    /// # Errors
    /// When Argon2 does not take that cost.
    pub fn new(cost: HashCost, at_once: Option<usize>) -> Result<Self, argon2::Error> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.lanes, None)?;
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            slots: Arc::new(Semaphore::new(at_once.unwrap_or_else(cores).max(1))),
        })
    }

    /// The PHC string to keep.
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        let argon2 = self.argon2.clone();
        self.compute(move || {
            Ok(argon2.hash_password(password.expose_secret().as_bytes())?.to_string())
        })
        .await
    }

    /// Whether the password is the one that was kept. With nothing kept, it
    /// takes as long and says no: the time must not tell whether an account
    /// exists.
    pub async fn verify(
        &self,
        password: SecretString,
        kept: Option<String>,
    ) -> Result<bool, PasswordError> {
        let Some(kept) = kept else {
            self.hash(password).await?;
            return Ok(false);
        };
        let argon2 = self.argon2.clone();
        self.compute(move || {
            let kept = PasswordHash::new(&kept)?;
            match argon2.verify_password(password.expose_secret().as_bytes(), &kept) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await;
        tokio::task::spawn_blocking(move || {
            // Held by the work, not by the request: one that was given up
            // still takes its memory until it is through.
            let _slot = slot;
            work()
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_matches() {
        let cost = HashCost { memory_kib: 8, iterations: 1, lanes: 1 };
        let passwords = Passwords::new(cost, Some(1)).unwrap();
        let kept = passwords.hash("tiro de tres".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
        assert!(passwords.verify("tiro de tres".into(), Some(kept.clone())).await.unwrap());
        assert!(!passwords.verify("tiro de dos".into(), Some(kept)).await.unwrap());
        assert!(!passwords.verify("tiro de tres".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn the_time_does_not_tell_whether_there_is_an_account() {
        let cost = HashCost { memory_kib: 4096, iterations: 2, lanes: 1 };
        let passwords = Passwords::new(cost, Some(1)).unwrap();
        let kept = passwords.hash("tiro de tres".into()).await.unwrap();
        let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
        for _ in 0..5 {
            let started = Instant::now();
            passwords.verify("tiro de dos".into(), Some(kept.clone())).await.unwrap();
            known = known.min(started.elapsed());
            let started = Instant::now();
            passwords.verify("tiro de dos".into(), None).await.unwrap();
            unknown = unknown.min(started.elapsed());
        }
        // Without a hash it would be a thousandth.
        assert!(unknown > known / 3 && known > unknown / 3, "{known:?} {unknown:?}");
    }

    #[test]
    fn the_cost_is_what_owasp_asks_for() {
        let passwords = Passwords::new(HashCost::default(), None).unwrap();
        let params = passwords.argon2.params();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
    }
}
