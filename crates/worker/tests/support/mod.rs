//! A showcase in miniature: a database, a queue, a folder of objects, a
//! transcoder that follows a script, and a clock that can be set forward.

mod clock;
mod database;
mod edges;
mod script;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anb_blob::{BlobStore, LinkSigner, LocalStore, PartUploads, Stored, UploadToken};
use anb_config::WorkerSettings;
use anb_domain::{
    Approval, Clock, JobState, PlayerId, SystemIds, VideoId, VideoStatus, keys::KeyLayout,
};
use anb_queue::{DeadLetters, JobQueue, Pulse};
use anb_store::{
    Actor, Attempt, NewPartUpload, NewPlayer, NewUpload, Outcome, Store, UploadedOriginal, Video,
};
use anb_worker::{
    Host, Shutdown, WorkerContext, WorkerError,
    reconcile::{Reconciler, Report},
    relay,
};
use futures::{StreamExt, TryStreamExt};
use tokio::{sync::Notify, task::JoinHandle, time::Instant};
use tokio_util::task::AbortOnDropHandle;

pub use self::{
    clock::ShiftedClock,
    database::Database,
    edges::{Queue, Storage},
    script::{Act, Script},
};

pub const VISIBILITY: Duration = Duration::from_mins(2);
pub const LINK_TTL: Duration = Duration::from_hours(1);
pub const UPLOAD_TTL: Duration = Duration::from_hours(24);

/// Of the request that finished an upload.
pub const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Long enough for the busiest machine; reached only by a failing test.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Lab {
    pub store: Store,
    pub storage: Arc<Storage>,
    pub queue: Arc<Queue>,
    pub script: Arc<Script>,
    pub clock: Arc<ShiftedClock>,
    pub layout: KeyLayout,
    pub settings: WorkerSettings,
    pub visibility: Duration,
    pub wake: Arc<Notify>,
    pub host: Host,
    pub player: PlayerId,
    folder: tempfile::TempDir,
    pub database: Database,
}

/// A worker, and the relay that runs beside it.
pub struct Running {
    pub shutdown: Shutdown,
    work: JoinHandle<Result<(), WorkerError>>,
    _relay: AbortOnDropHandle<()>,
}

impl Lab {
    pub async fn sqlite_with_table() -> Self {
        Self::new(Database::sqlite().await, Queue::table).await
    }

    pub async fn postgres_with_table() -> Self {
        Self::new(Database::postgres().await, Queue::table).await
    }

    pub async fn sqlite_with_memory() -> Self {
        Self::new(Database::sqlite().await, Queue::memory).await
    }

    async fn new(
        database: Database,
        queue: impl AsyncFnOnce(&anb_store::Db, Arc<ShiftedClock>) -> Queue,
    ) -> Self {
        let clock = Arc::new(ShiftedClock::default());
        let folder = tempfile::tempdir().unwrap();
        let signer = LinkSigner::new(
            "http://localhost:8000/".parse().unwrap(),
            b"a key for tests",
            Arc::clone(&clock) as _,
        );
        let objects = LocalStore::open(&folder.path().join("objects"), Arc::new(signer)).unwrap();
        let queue = queue(database.db(), Arc::clone(&clock)).await;
        let store = Store::new(database.db().clone(), Arc::clone(&clock) as _, Arc::new(SystemIds));
        let player = store.create_player(ana()).await.unwrap().id;
        Self {
            store,
            storage: Arc::new(Storage::new(objects)),
            queue: Arc::new(queue),
            script: Arc::default(),
            clock,
            layout: KeyLayout::default(),
            settings: WorkerSettings {
                slots: Some(2),
                heartbeat_s: 1,
                retry_delay_s: 0,
                drain_timeout_s: 20,
                reconcile_s: 1,
                ..WorkerSettings::default()
            },
            visibility: VISIBILITY,
            wake: Arc::default(),
            host: a_machine(),
            player,
            folder,
            database,
        }
    }

    pub fn work_dir(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn context(&self) -> WorkerContext {
        WorkerContext {
            store: self.store.clone(),
            blobs: Arc::clone(&self.storage) as _,
            queue: Arc::clone(&self.queue) as _,
            dead_letters: Arc::clone(&self.queue) as _,
            transcoder: Arc::clone(&self.script) as _,
            layout: self.layout.clone(),
            settings: self.settings.clone(),
            approval: Approval::None,
            vote_review: anb_domain::vote_review::ReviewRules::default(),
            visibility: self.visibility,
            link_ttl: LINK_TTL,
            wait: Duration::from_secs(20),
            pulse: Arc::new(Pulse::new(Arc::clone(&self.clock) as _)),
            listener: None,
            work_dir: self.work_dir(),
            host: self.host.clone(),
            clock: Arc::clone(&self.clock) as _,
            ids: Arc::new(SystemIds),
        }
    }

    pub fn starts_worker(&self) -> Running {
        self.starts(self.context())
    }

    pub fn starts(&self, context: WorkerContext) -> Running {
        let shutdown = Shutdown::default();
        Running {
            work: tokio::spawn(anb_worker::run(context, shutdown.clone())),
            _relay: self.starts_relay(),
            shutdown,
        }
    }

    pub fn starts_relay(&self) -> AbortOnDropHandle<()> {
        AbortOnDropHandle::new(tokio::spawn(relay::run(
            self.store.clone(),
            Arc::clone(&self.queue) as _,
            Arc::clone(&self.wake),
            tokio_util::sync::CancellationToken::new(),
        )))
    }

    pub fn reconciler(&self) -> Reconciler {
        Reconciler::from(&self.context())
    }

    pub async fn reconciles(&self) -> Report {
        self.reconciler().quick().await.unwrap()
    }

    pub async fn sweeps(&self) -> Report {
        self.reconciler().sweep().await.unwrap()
    }

    /// An upload that has begun and whose bytes are in storage.
    pub async fn begins_upload(&self) -> VideoId {
        self.uploads().await.0
    }

    async fn uploads(&self) -> (VideoId, Stored) {
        let expires_at = self.clock.now() + UPLOAD_TTL;
        let upload = NewUpload { owner: self.player, expires_at };
        let video = self.store.begin_upload(upload).await.unwrap();
        let stored = self.storage.holds(&self.layout.original(video), &original_of(video)).await;
        (video, stored)
    }

    /// An upload in two parts, of which the first has arrived.
    pub async fn begins_parts(&self) -> (VideoId, UploadToken) {
        let upload = NewPartUpload {
            category: None,
            owner: self.player,
            expires_at: self.clock.now() + UPLOAD_TTL,
            title: "Mate de espaldas".parse().unwrap(),
            size_bytes: 10,
            part_size_bytes: 5,
        };
        let video = self.store.begin_part_upload(upload, 100).await.unwrap();
        let token = self.begins_parts_in_storage(video).await;
        assert!(self.store.part_upload_begun(video, &token.0).await.unwrap());
        (video, token)
    }

    /// What storage has before the row knows of it.
    pub async fn begins_parts_in_storage(&self, video: VideoId) -> UploadToken {
        let key = self.layout.original(video);
        let token = self.storage.begin_parts(&key, "video/mp4").await.unwrap();
        self.storage.put_part(&key, &token, 1, bytes(b"first")).await.unwrap();
        token
    }

    /// Completes an upload in parts as the public service does.
    pub async fn completes_parts(&self, video: VideoId, token: &UploadToken) {
        let key = self.layout.original(video);
        self.storage.put_part(&key, token, 2, bytes(b"other")).await.unwrap();
        self.storage.complete_parts(&key, token).await.unwrap();
        let original = UploadedOriginal {
            category: None,
            title: "Mate de espaldas".parse().unwrap(),
            size_bytes: 10,
            sha256: None,
            content_type: "video/mp4".into(),
            traceparent: Some(TRACEPARENT.into()),
        };
        self.store.complete_upload(video, original).await.unwrap().unwrap();
    }

    /// Whether storage still knows the parts of this upload.
    pub async fn has_parts(&self, video: VideoId, token: &UploadToken) -> bool {
        self.storage.parts(&self.layout.original(video), token).await.is_ok()
    }

    /// An accepted video whose message nobody has sent yet.
    pub async fn accepts(&self) -> VideoId {
        let (video, stored) = self.uploads().await;
        let original = UploadedOriginal {
            category: None,
            title: "Triple desde el logo".parse().unwrap(),
            size_bytes: stored.size,
            sha256: Some(stored.sha256),
            content_type: "video/mp4".into(),
            traceparent: Some(TRACEPARENT.into()),
        };
        self.store.complete_upload(video, original).await.unwrap().unwrap();
        video
    }

    /// An accepted video whose message is in the queue.
    pub async fn queues(&self) -> VideoId {
        let video = self.accepts().await;
        relay::send_due(&self.store, self.queue.as_ref()).await.unwrap();
        video
    }

    /// A published video, by a worker that has gone since.
    pub async fn publishes(&self) -> VideoId {
        let video = self.queues().await;
        let worker = self.starts_worker();
        self.becomes(video, VideoStatus::Completed).await;
        self.queue_is_empty().await;
        worker.drains().await;
        video
    }

    /// An operator has a published video made again.
    pub async fn reprocesses(&self, video: VideoId) {
        self.store.reprocess_video(video, &Actor::terminal()).await.unwrap();
    }

    /// Waits until the job by which it is made again is there.
    pub async fn reprocessing_is(&self, video: VideoId, state: JobState) {
        self.until(&format!("the job is {state}"), async || {
            self.store.reprocessing_of(video).await.unwrap().unwrap().0 == state
        })
        .await;
    }

    /// Waits until no link to what was replaced is good any more, and nothing
    /// of it is left.
    pub async fn holds_only_the_new_result(&self, video: VideoId) {
        self.clock.forward(LINK_TTL + Duration::from_secs(1));
        let expected = self.keys_of_published(video).await;
        self.until("no old object is left", async || self.objects().await == expected).await;
    }

    pub async fn video(&self, video: VideoId) -> Video {
        self.store.video(video).await.unwrap().unwrap()
    }

    pub async fn attempts(&self, video: VideoId) -> Vec<Attempt> {
        self.store.attempts(video).await.unwrap()
    }

    pub async fn outcomes(&self, video: VideoId) -> Vec<Option<Outcome>> {
        self.attempts(video).await.iter().map(|attempt| attempt.outcome).collect()
    }

    pub async fn becomes(&self, video: VideoId, status: VideoStatus) -> Video {
        self.until(&format!("the video is {status}"), async || {
            self.video(video).await.status == status
        })
        .await;
        self.video(video).await
    }

    /// Waits until `condition` holds.
    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !condition().await {
            assert!(Instant::now() < deadline, "still waiting until {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Every object in storage, sorted by key.
    pub async fn objects(&self) -> Vec<String> {
        let everything =
            [self.layout.uploads_prefix(), self.layout.processed_prefix()].map(|prefix| {
                self.storage.list(prefix).map_ok(|object| object.key).try_collect::<Vec<_>>()
            });
        let mut keys = futures::future::try_join_all(everything).await.unwrap().concat();
        keys.sort();
        keys
    }

    /// Files of storage, those included that are no objects yet.
    pub fn files_of_storage(&self) -> usize {
        fn count(folder: PathBuf) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { count(path) } else { 1 }).sum()
        }
        count(self.folder.path().join("objects"))
    }

    /// The keys that a published video has: its original and one result.
    pub async fn keys_of_published(&self, video: VideoId) -> Vec<String> {
        let attempt = self.video(video).await.attempt;
        let mut keys: Vec<_> = anb_domain::keys::ResultFile::ALL
            .into_iter()
            .map(|file| self.layout.result(video, attempt, file))
            .collect();
        keys.push(self.layout.original(video));
        keys.sort();
        keys
    }

    /// Waits until storage holds what is published, and nothing else.
    pub async fn holds_one_result(&self, video: VideoId) {
        let expected = self.keys_of_published(video).await;
        self.until("no stray object is left", async || self.objects().await == expected).await;
        let published = self.outcomes(video).await;
        let published = published.iter().filter(|outcome| **outcome == Some(Outcome::Published));
        assert_eq!(published.count(), 1, "published exactly once");
    }

    pub async fn queue_is_empty(&self) {
        self.until("the queue is empty", async || self.queue.stats().await.unwrap().is_empty())
            .await;
    }

    pub async fn dead_letters(&self) -> usize {
        self.queue.peek(100).await.unwrap().len()
    }

    /// Folders of jobs in the work folder, of whichever worker.
    pub fn job_folders(&self) -> usize {
        let folders = |path: PathBuf| {
            let entries = std::fs::read_dir(path).into_iter().flatten();
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
        };
        folders(self.work_dir()).flat_map(folders).count()
    }

    /// Folders of workers in the work folder.
    pub fn worker_folders(&self) -> usize {
        std::fs::read_dir(self.work_dir()).map_or(0, Iterator::count)
    }
}

impl Running {
    /// As `kill -9` would: nothing more is done, nothing is cleaned up.
    pub async fn dies(self) {
        self.work.abort();
        assert!(self.work.await.unwrap_err().is_cancelled());
    }

    /// The first SIGTERM.
    pub async fn drains(self) {
        self.shutdown.drain.cancel();
        self.ends().await;
    }

    pub async fn ends(self) {
        tokio::time::timeout(PATIENCE, self.work).await.unwrap().unwrap().unwrap();
    }
}

/// What the player of `video` has uploaded.
pub fn original_of(video: VideoId) -> Vec<u8> {
    format!("the clip {video}").into_bytes()
}

/// Two cores, all the room in the world, and not on ECS.
fn a_machine() -> Host {
    Host { cores: 2, free_space: Arc::new(|_| Ok(u64::MAX)), ecs_agent: None, ecs_metadata: None }
}

fn ana() -> NewPlayer {
    NewPlayer {
        first_name: "Ana".parse().unwrap(),
        last_name: "Gómez".parse().unwrap(),
        email: "ana@example.com".parse().unwrap(),
        password_hash: "not a hash".into(),
        city: "Bogotá".parse().unwrap(),
        country: "Colombia".parse().unwrap(),
        from: anb_domain::vote_review::Footprint::default(),
    }
}

/// The bytes of a write.
pub fn bytes(content: &[u8]) -> anb_blob::ByteSource {
    let content = bytes::Bytes::copy_from_slice(content);
    futures::stream::once(async move { Ok(content) }).boxed()
}

/// Tells each story with every kind of database and queue.
#[macro_export]
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod sqlite_with_table {
            $(#[tokio::test] async fn $story() {
                super::$story($crate::support::Lab::sqlite_with_table().await).await;
            })+
        }
        mod postgres_with_table {
            $(#[tokio::test] async fn $story() {
                super::$story($crate::support::Lab::postgres_with_table().await).await;
            })+
        }
        mod sqlite_with_memory {
            $(#[tokio::test] async fn $story() {
                super::$story($crate::support::Lab::sqlite_with_memory().await).await;
            })+
        }
    };
}
