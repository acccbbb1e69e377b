//! Each role (database, objects, queue) filled as the settings say.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anb_blob::{BlobStore, LinkSigner, LocalStore};
use anb_config::{Loaded, QueueKind, Settings, SslMode, StorageKind};
use anb_console::ConsoleContext;
use anb_contest::Contest;
use anb_domain::{Clock, IdSource, SystemIds, keys::KeyLayout};
use anb_media::TermsSource;
use anb_ops::{Operations, Services};
use anb_queue::{DeadLetters, JobQueue, MemoryQueue, Pulse, TableQueue, table::TableQueueOptions};
use anb_store::{Db, DbOptions, Limits, Store, TlsMode, TlsOptions, is_transient};
use anb_web::WebContext;
use anb_webhooks::{Post, Reach, Secrets, Sender};
use anb_worker::{Host, Shutdown, WorkerContext, reconcile::Reconciler};
use anyhow::{Context as _, anyhow};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Notify, time::sleep};

use crate::{aws, failpoints};

/// Between two tries to reach the database at the start.
const PAUSE: Duration = Duration::from_secs(1);

/// Everything that web, console, worker and the operators' commands share.
#[derive(Clone)]
pub struct Platform {
    pub settings: Arc<Settings>,
    /// What the console may have changed of the settings.
    pub contest: Contest,
    pub store: Store,
    pub blobs: Arc<dyn BlobStore>,
    pub links: Arc<LinkSigner>,
    pub queue: Arc<dyn JobQueue>,
    pub dead_letters: Arc<dyn DeadLetters>,
    /// Of the worker in this process; `None` when there is none.
    pub receive_pulse: Option<Arc<Pulse>>,
    /// Whoever runs the services, where the settings name them.
    pub services: Option<Arc<dyn Services>>,
    pub layout: KeyLayout,
    /// Rung when a row was written whose message should go out at once.
    pub outbox_wake: Arc<Notify>,
    pub secret_key: SecretString,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

impl Platform {
    /// Opens database, storage and queue; makes what the embedded default
    /// needs at its first start.
    ///
    /// # Errors
    /// Whatever cannot be opened, and what to do about it.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let clock = failpoints::clock();
        let ids: Arc<dyn IdSource> = Arc::new(SystemIds);
        let secret_key = settings.secret_key()?;
        let store = open_store(settings).await?;
        store.db().migrate().await.context("cannot bring the database's schema up to date")?;
        let links = Arc::new(link_signer(settings, &secret_key, &clock)?);
        let blobs = open_blobs(settings, &links, Arc::clone(&clock)).await?;
        let (queue, dead_letters) = open_queue(settings, &store, &clock, &ids).await?;
        let storage = &settings.storage;
        Ok(Self {
            settings: Arc::new(settings.clone()),
            contest: Contest::new(store.clone(), settings, Arc::clone(&clock)),
            layout: KeyLayout::new(&storage.upload_prefix, &storage.processed_prefix),
            outbox_wake: Arc::new(Notify::new()),
            store,
            blobs,
            links,
            queue,
            dead_letters,
            receive_pulse: None,
            services: aws::open_services(settings).await.map(|ecs| Arc::new(ecs) as _),
            secret_key,
            clock,
            ids,
        })
    }

    /// As [`Platform::open`], for a service: waits for a database that is out,
    /// as during a fail-over, and for no longer than `database.start_timeout_s`
    /// or until it is told to stop.
    ///
    /// # Errors
    /// Whatever cannot be opened, and what to do about it.
    pub async fn open_in_time(settings: &Settings, shutdown: &Shutdown) -> anyhow::Result<Self> {
        let began = Instant::now();
        let patience = Duration::from_secs(settings.database.start_timeout_s);
        loop {
            // On the heap: it is large, and lies within whatever awaits this.
            let opened = Box::pin(Self::open(settings)).await;
            let may_wait = began.elapsed() < patience && !shutdown.drain.is_cancelled();
            match opened {
                Err(error) if may_wait && is_transient(error.as_ref()) => {
                    tracing::warn!(error = format!("{error:#}"), "no database yet; trying again");
                    shutdown.drain.run_until_cancelled(sleep(PAUSE)).await;
                }
                opened => return opened,
            }
        }
    }

    /// The same in a process that has a worker, whose pulse `/ready` tells of.
    #[must_use]
    pub fn with_worker(mut self) -> Self {
        self.receive_pulse = Some(self.pulse());
        self
    }

    fn pulse(&self) -> Arc<Pulse> {
        Arc::new(Pulse::new(Arc::clone(&self.clock)))
    }

    /// What the public service works with.
    pub fn web(&self) -> WebContext {
        WebContext {
            store: self.store.clone(),
            blobs: Arc::clone(&self.blobs),
            links: Some(Arc::clone(&self.links)),
            queue: Arc::clone(&self.queue),
            receive_pulse: self.receive_pulse.clone(),
            layout: self.layout.clone(),
            outbox_wake: Arc::clone(&self.outbox_wake),
            settings: Arc::clone(&self.settings),
            contest: self.contest.clone(),
            secret_key: self.secret_key.clone(),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        }
    }

    /// What the console works with.
    pub fn console(&self) -> ConsoleContext {
        ConsoleContext {
            operations: self.operations(),
            blobs: Arc::clone(&self.blobs),
            layout: self.layout.clone(),
            settings: Arc::clone(&self.settings),
            contest: self.contest.clone(),
            secret_key: self.secret_key.clone(),
            ids: Arc::clone(&self.ids),
            services: self.services.clone(),
        }
    }

    /// What operators do, from wherever.
    pub fn operations(&self) -> Operations {
        Operations {
            store: self.store.clone(),
            queue: Arc::clone(&self.queue),
            dead_letters: Arc::clone(&self.dead_letters),
            outbox_wake: Arc::clone(&self.outbox_wake),
            clock: Arc::clone(&self.clock),
        }
    }

    /// What a worker works with.
    pub fn worker(&self, transcoder: Arc<dyn anb_media::Transcoder>) -> WorkerContext {
        WorkerContext {
            store: self.store.clone(),
            blobs: Arc::clone(&self.blobs),
            queue: Arc::clone(&self.queue),
            dead_letters: Arc::clone(&self.dead_letters),
            transcoder,
            layout: self.layout.clone(),
            settings: self.settings.worker.clone(),
            approval: self.settings.showcase.approval,
            vote_review: self.settings.vote_review.clone(),
            visibility: Duration::from_secs(self.settings.queue.visibility_s),
            link_ttl: Duration::from_secs(self.settings.storage.link_ttl_s),
            wait: Duration::from_secs(self.settings.queue.wait_s),
            pulse: self.receive_pulse.clone().unwrap_or_else(|| self.pulse()),
            listener: None,
            work_dir: self.settings.work_dir(),
            host: Host::of_this_process(),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        }
    }

    /// What tells other systems.
    ///
    /// # Errors
    /// When no authorities are installed that vouch for receivers.
    pub fn webhooks(&self) -> anyhow::Result<Sender> {
        let webhooks = &self.settings.webhooks;
        let reach = Reach::of(webhooks.allow_private);
        let post = Post::new(reach, Duration::from_secs(webhooks.timeout_s))
            .context("cannot prepare the sending of events")?;
        Ok(Sender {
            store: self.store.clone(),
            post: Arc::new(post),
            secrets: Arc::new(Secrets::new(&self.secret_key)),
            clock: Arc::clone(&self.clock),
            contest: self.contest.clone(),
            keep: Duration::from_hours(u64::from(webhooks.keep_days) * 24),
        })
    }

    /// What mends broken states.
    pub fn reconciler(&self) -> Reconciler {
        Reconciler {
            store: self.store.clone(),
            blobs: Arc::clone(&self.blobs),
            queue: Arc::clone(&self.queue),
            dead_letters: Arc::clone(&self.dead_letters),
            layout: self.layout.clone(),
            visibility: Duration::from_secs(self.settings.queue.visibility_s),
            link_ttl: Duration::from_secs(self.settings.storage.link_ttl_s),
            upload_ttl: Duration::from_secs(self.settings.worker.upload_ttl_s),
            vote_review: self.settings.vote_review.clone(),
            clock: Arc::clone(&self.clock),
        }
    }
}

/// Refuses a queue that two processes cannot share.
///
/// # Errors
/// `queue.kind = "memory"` outside `anb-video run`.
pub fn require_shared_queue(loaded: &Loaded) -> anyhow::Result<()> {
    match loaded.settings.queue.kind() {
        QueueKind::Table | QueueKind::Sqs => Ok(()),
        QueueKind::Memory => {
            let message = "a queue in memory cannot be shared between processes; use `table` or \
                           `sqs`, or `anb-video run`";
            Err(loaded.refuse("queue.kind", message).into())
        }
    }
}

/// Connects to the database, whatever the state of its schema.
///
/// # Errors
/// It does not answer.
pub async fn open_store(settings: &Settings) -> anyhow::Result<Store> {
    if settings.is_embedded() {
        let folder = settings.data_dir.display().to_string();
        settings.create_data_dir().with_context(|| format!("cannot create the folder {folder}"))?;
    }
    let db = Db::connect(&db_options(settings))
        .await
        .context("cannot open the database (`anb-video doctor` tells more)")?;
    Ok(Store::new(db, failpoints::clock(), Arc::new(SystemIds)))
}

fn db_options(settings: &Settings) -> DbOptions {
    let database = &settings.database;
    let mode = |mode| match mode {
        SslMode::Disable => TlsMode::Disable,
        SslMode::Prefer => TlsMode::Prefer,
        SslMode::Require => TlsMode::Require,
        SslMode::VerifyCa => TlsMode::VerifyCa,
        SslMode::VerifyFull => TlsMode::VerifyFull,
    };
    DbOptions {
        url: settings.database_url().to_owned(),
        max_connections: database.max_connections,
        acquire_timeout: Duration::from_secs(database.acquire_timeout_s),
        tls: TlsOptions { mode: database.ssl_mode.map(mode), ca_file: database.ca_file.clone() },
        limits: Limits {
            statement: Duration::from_secs(database.statement_timeout_s),
            lock: Duration::from_secs(database.lock_timeout_s),
            idle_in_transaction: Duration::from_secs(database.idle_in_transaction_timeout_s),
        },
    }
}

/// Connects to a database whose schema is this version's.
///
/// # Errors
/// It does not answer, or must be migrated first.
pub async fn open_current_store(settings: &Settings) -> anyhow::Result<Store> {
    let store = open_store(settings).await?;
    store.db().check().await.context("the database is not ready; run `anb-video migrate`")?;
    Ok(store)
}

fn link_signer(
    settings: &Settings,
    secret_key: &SecretString,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<LinkSigner> {
    let base =
        settings.web.public_url.clone().ok_or_else(|| anyhow!("web.public_url is not set"))?;
    Ok(LinkSigner::new(base, secret_key.expose_secret().as_bytes(), Arc::clone(clock)))
}

async fn open_blobs(
    settings: &Settings,
    links: &Arc<LinkSigner>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Arc<dyn BlobStore>> {
    match settings.storage.kind() {
        StorageKind::Local => {
            let folder = settings.objects_dir();
            let store = LocalStore::open(&folder, Arc::clone(links))
                .with_context(|| format!("cannot open the object folder {}", folder.display()))?;
            Ok(Arc::new(store))
        }
        StorageKind::S3 => Ok(Arc::new(aws::open_s3(settings, clock).await?)),
    }
}

type Queue = (Arc<dyn JobQueue>, Arc<dyn DeadLetters>);

async fn open_queue(
    settings: &Settings,
    store: &Store,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn IdSource>,
) -> anyhow::Result<Queue> {
    let (clock, ids) = (Arc::clone(clock), Arc::clone(ids));
    let visibility = Duration::from_secs(settings.queue.visibility_s);
    match settings.queue.kind() {
        QueueKind::Sqs => {
            let queue = Arc::new(aws::open_sqs(settings).await?);
            Ok((Arc::clone(&queue) as Arc<dyn JobQueue>, queue))
        }
        QueueKind::Table => {
            let connection = store.db().writer().clone();
            anb_queue::table::migrate(&connection).await.context("cannot make the queue table")?;
            let poll = Duration::from_millis(settings.queue.poll_ms);
            let options = TableQueueOptions { visibility, poll };
            let queue = Arc::new(TableQueue::new(connection, clock, ids, options));
            Ok((Arc::clone(&queue) as Arc<dyn JobQueue>, queue))
        }
        QueueKind::Memory => {
            let queue = Arc::new(MemoryQueue::new(clock, ids, visibility));
            Ok((Arc::clone(&queue) as Arc<dyn JobQueue>, queue))
        }
    }
}

/// Finds ffmpeg; `terms` says what is in force for each clip.
///
/// # Errors
/// ffmpeg is missing or too old.
pub async fn open_media(
    settings: &Settings,
    terms: Arc<dyn TermsSource>,
    cache_dir: &Path,
) -> anyhow::Result<anb_media::Media> {
    anb_media::Media::prepare(settings.media.clone(), terms, cache_dir.into())
        .await
        .context("cannot prepare video processing (`anb-video doctor` tells more)")
}
