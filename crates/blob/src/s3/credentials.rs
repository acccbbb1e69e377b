//! AWS credentials, from wherever the SDK finds them (environment, profile, web
//! identity, task role), kept and renewed in time.

use std::{
    error::Error,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anb_domain::Clock;
use async_trait::async_trait;
use aws_credential_types::{
    Credentials as AwsKeys,
    provider::{ProvideCredentials as _, SharedCredentialsProvider, error::CredentialsError},
};
use chrono::{DateTime, TimeDelta, Utc};
use object_store::{CredentialProvider, aws::AwsCredential};
use thiserror::Error;
use tokio::time::timeout;

/// How long before their end new ones are asked for. Signed links die with the
/// credentials that signed them, so this is what a link lives at the least. ECS
/// and EC2 have new ones ready by then.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(15);
/// How long credentials without an end are kept: the default of the SDK's cache.
const KEEP: TimeDelta = TimeDelta::minutes(15);
/// When to ask again for those that should have been there.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(30);
/// The same while there are none that could be used.
const ASK_AGAIN_SOON: TimeDelta = TimeDelta::seconds(1);
/// How long a provider may take: the default of the SDK's cache.
const LOAD_TIMEOUT: Duration = Duration::from_secs(5);

/// Why no request can be signed.
#[derive(Debug, Clone, Error)]
#[error("there are no AWS credentials: {0}")]
pub(super) struct NoCredentials(String);

pub(super) struct Credentials {
    provider: SharedCredentialsProvider,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
    /// Whoever asks the provider holds it.
    asking: tokio::sync::Mutex<()>,
}

/// What the provider said last.
#[derive(Default)]
struct Held {
    keys: Option<AwsKeys>,
    trouble: Option<NoCredentials>,
    ask_at: DateTime<Utc>,
}

impl Credentials {
    pub fn new(provider: SharedCredentialsProvider, clock: Arc<dyn Clock>) -> Self {
        Self { provider, clock, held: Mutex::default(), asking: tokio::sync::Mutex::default() }
    }

    /// Credentials that are good now. While they are, one caller at a time
    /// waits for their successors; without any, everybody does.
    pub async fn current(&self) -> Result<AwsKeys, NoCredentials> {
        let Some(held) = self.if_due() else { return self.answer() };
        let asking =
            if held { self.asking.try_lock().ok() } else { Some(self.asking.lock().await) };
        if asking.is_some() && self.if_due().is_some() {
            let loaded = self.load().await;
            self.note(loaded);
        }
        self.answer()
    }

    /// When those that are good now end, if ever.
    pub async fn end(&self) -> Result<Option<DateTime<Utc>>, NoCredentials> {
        Ok(expiry(&self.current().await?))
    }

    /// Whether there are any that can be used, if it is time to ask for new
    /// ones.
    fn if_due(&self) -> Option<bool> {
        let (held, now) = (self.held(), self.clock.now());
        (held.ask_at <= now).then(|| held.keys.as_ref().is_some_and(|keys| is_good(keys, now)))
    }

    async fn load(&self) -> Result<AwsKeys, NoCredentials> {
        match timeout(LOAD_TIMEOUT, self.provider.provide_credentials()).await {
            Ok(loaded) => loaded.map_err(|error| NoCredentials(causes(&error))),
            Err(_) => Err(NoCredentials("their source does not answer".into())),
        }
    }

    fn note(&self, loaded: Result<AwsKeys, NoCredentials>) {
        let now = self.clock.now();
        let mut held = self.held();
        match loaded {
            Ok(keys) => {
                held.ask_at = expiry(&keys).map_or(now + KEEP, |end| {
                    (end - RENEW_BEFORE).max(now + ASK_AGAIN).min(end).max(now + ASK_AGAIN_SOON)
                });
                held.keys = Some(keys);
                held.trouble = None;
            }
            Err(trouble) => {
                let usable = held.keys.as_ref().is_some_and(|keys| is_good(keys, now));
                held.ask_at = now + if usable { ASK_AGAIN } else { ASK_AGAIN_SOON };
                tracing::warn!(error = %trouble, usable, "AWS credentials could not be renewed");
                held.trouble = Some(trouble);
            }
        }
    }

    fn answer(&self) -> Result<AwsKeys, NoCredentials> {
        let (held, now) = (self.held(), self.clock.now());
        match &held.keys {
            Some(keys) if is_good(keys, now) => Ok(keys.clone()),
            _ => Err(held.trouble.clone().unwrap_or(NoCredentials("they have expired".into()))),
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn expiry(keys: &AwsKeys) -> Option<DateTime<Utc>> {
    keys.expiry().map(Into::into)
}

fn is_good(keys: &AwsKeys, now: DateTime<Utc>) -> bool {
    expiry(keys).is_none_or(|end| end > now)
}

/// The SDK says only at the bottom what went wrong.
fn causes(error: &CredentialsError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

#[async_trait]
impl CredentialProvider for Credentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let keys = self
            .current()
            .await
            .map_err(|error| object_store::Error::Generic { store: "S3", source: error.into() })?;
        Ok(Arc::new(AwsCredential {
            key_id: keys.access_key_id().to_owned(),
            secret_key: keys.secret_access_key().to_owned(),
            token: keys.session_token().map(ToOwned::to_owned),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use anb_testkit::FakeClock;
    use aws_credential_types::provider::{ProvideCredentials, future};

    use super::*;

    /// A source whose credentials live for an hour each, and which can fail.
    #[derive(Debug)]
    struct Source {
        clock: Arc<FakeClock>,
        asked: AtomicU32,
        works: std::sync::atomic::AtomicBool,
    }

    impl ProvideCredentials for Source {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            if !self.works.load(Ordering::SeqCst) {
                let failed = CredentialsError::provider_error("the agent is away");
                return future::ProvideCredentials::ready(Err(failed));
            }
            let end = self.clock.now() + TimeDelta::hours(1);
            let keys = AwsKeys::new(
                format!("key-{number}"),
                "secret",
                Some("token".into()),
                Some(end.into()),
                "test",
            );
            future::ProvideCredentials::ready(Ok(keys))
        }
    }

    fn credentials() -> (Arc<FakeClock>, Arc<Source>, Credentials) {
        let clock = Arc::new(FakeClock::default());
        let (asked, works) = (AtomicU32::new(0), true.into());
        let source = Arc::new(Source { clock: Arc::clone(&clock), asked, works });
        let shared: Arc<dyn ProvideCredentials> = source.clone();
        let credentials = Credentials::new(shared.into(), clock.clone());
        (clock, source, credentials)
    }

    async fn key(credentials: &Credentials) -> String {
        credentials.current().await.unwrap().access_key_id().to_owned()
    }

    #[tokio::test]
    async fn they_are_kept_until_a_quarter_of_an_hour_before_their_end() {
        let (clock, source, credentials) = credentials();
        assert_eq!(key(&credentials).await, "key-1");
        let end = credentials.end().await.unwrap();
        assert_eq!(end, Some(clock.now() + TimeDelta::hours(1)));

        clock.advance(Duration::from_mins(44));
        assert_eq!(key(&credentials).await, "key-1");
        assert_eq!(source.asked.load(Ordering::SeqCst), 1);
        clock.advance(Duration::from_mins(1));
        assert_eq!(key(&credentials).await, "key-2");
    }

    #[tokio::test]
    async fn while_their_source_is_away_the_old_ones_serve_to_their_end() {
        let (clock, source, credentials) = credentials();
        assert_eq!(key(&credentials).await, "key-1");
        source.works.store(false, Ordering::SeqCst);

        clock.advance(Duration::from_mins(50));
        assert_eq!(key(&credentials).await, "key-1");
        assert_eq!(key(&credentials).await, "key-1");
        assert_eq!(source.asked.load(Ordering::SeqCst), 2, "it was asked at every request");
        clock.advance(Duration::from_mins(10));
        let refused = credentials.current().await.unwrap_err();
        assert!(refused.to_string().ends_with("the agent is away"), "{refused}");

        source.works.store(true, Ordering::SeqCst);
        clock.advance(Duration::from_secs(1));
        assert_eq!(key(&credentials).await, "key-4");
    }

    #[tokio::test]
    async fn a_temporary_token_goes_along() {
        let (_, _, credentials) = credentials();
        let given = credentials.get_credential().await.unwrap();
        assert_eq!((given.key_id.as_str(), given.token.as_deref()), ("key-1", Some("token")));
    }
}
