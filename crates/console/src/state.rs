//! What the handlers share.

use std::{sync::Arc, time::Duration};

use anb_auth::{HashCost, Passwords, Seal};
use anb_blob::BlobStore;
use anb_config::Settings;
use anb_contest::Contest;
use anb_design::Assets;
use anb_domain::{IdSource, PlayerId, keys::KeyLayout};
use anb_http::{client::ClientKey, limits::RateLimit, page};
use anb_ops::{Exporter, Operations, Services};
use anb_webhooks::{Reach, Secrets};
use http::HeaderValue;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::{
    ConsoleContext,
    pages::{assets, contest, overview, queue},
};

/// Codes of a second factor that somebody may try: a million are possible, of
/// which three are good at a time.
const CODES_PER_MINUTE: u32 = 5;

pub type AppState = Arc<Shared>;

pub struct Shared {
    pub operations: Operations,
    pub exporter: Exporter,
    pub blobs: Arc<dyn BlobStore>,
    pub layout: KeyLayout,
    pub settings: Arc<Settings>,
    pub contest: Contest,
    pub ids: Arc<dyn IdSource>,
    pub assets: Assets,
    /// What pages may load.
    pub policy: HeaderValue,
    pub passwords: Passwords,
    /// Of the secrets of second factors.
    pub seal: Seal,
    /// For how long a session may not be used, and may last at all.
    pub idle_session: Duration,
    pub longest_session: Duration,
    pub logins: RateLimit<ClientKey>,
    pub codes: RateLimit<PlayerId>,
    pub request_timeout: Duration,
    pub webhooks: Webhooks,
    /// Whether browsers reach us over TLS: then cookies never travel without.
    pub secure: bool,
    pub services: Option<Arc<dyn Services>>,
    /// What all who look at the overview share.
    pub overview: overview::Shared,
    /// The same of the queue.
    pub queue: queue::Shared,
    /// The clip that somebody looks at.
    pub clips: contest::Clips,
    /// Cancelled when the process stops: streams end.
    pub shutdown: CancellationToken,
}

/// Of the receivers of events.
pub struct Webhooks {
    pub secrets: Secrets,
    /// How far away they must be.
    pub reach: Reach,
}

impl Webhooks {
    fn of(secret_key: &SecretString, settings: &Settings) -> Self {
        Self {
            secrets: Secrets::new(secret_key),
            reach: Reach::of(settings.webhooks.allow_private),
        }
    }
}

impl Shared {
    #[must_use]
    pub fn new(context: ConsoleContext, cost: HashCost, shutdown: CancellationToken) -> Self {
        let ConsoleContext {
            operations,
            blobs,
            layout,
            settings,
            secret_key,
            ids,
            contest,
            services,
        } = context;
        let console = &settings.console;
        let public_url = settings.web.public_url.as_ref();
        Self {
            passwords: Passwords::new(cost, settings.auth.max_concurrent_hashes)
                .expect("the cost is one of ours, not a setting"),
            webhooks: Webhooks::of(&secret_key, &settings),
            seal: Seal::new(&secret_key),
            idle_session: Duration::from_mins(console.session_minutes.into()),
            longest_session: Duration::from_hours(console.session_hours.into()),
            logins: RateLimit::per_minute(console.logins_per_minute),
            codes: RateLimit::per_minute(CODES_PER_MINUTE),
            request_timeout: Duration::from_secs(console.request_timeout_s),
            secure: public_url.is_some_and(|url| url.scheme() == "https"),
            exporter: exporter(&operations, &ids, secret_key),
            assets: assets::assets(),
            policy: page::policy(None, None),
            operations,
            blobs,
            layout,
            settings,
            contest,
            ids,
            services,
            overview: overview::Shared::default(),
            queue: queue::Shared::default(),
            clips: contest::Clips::default(),
            shutdown,
        }
    }
}

fn exporter(operations: &Operations, ids: &Arc<dyn IdSource>, secret: SecretString) -> Exporter {
    Exporter {
        store: operations.store.clone(),
        clock: Arc::clone(&operations.clock),
        ids: Arc::clone(ids),
        secret,
    }
}
