use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anb_blob::{BlobStore, LinkSigner, LocalStore, MIN_PART_SIZE, S3Options, S3Store};
use anb_config::Settings;
use anb_contest::Contest;
use anb_domain::{VideoId, VideoStatus, keys::KeyLayout, keys::ResultFile};
use anb_queue::{JobQueue, MemoryQueue, Pulse};
use anb_store::{Store, Video};
use anb_testkit::{FakeClock, Moto, TestStore};
use anb_web::{HashCost, WebContext};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use reqwest::Client;
use tempfile::TempDir;
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Answer, Player};

/// The application on a port of its own. Stops when dropped.
pub struct TestApp {
    pub store: TestStore,
    pub blobs: Arc<dyn BlobStore>,
    pub layout: KeyLayout,
    pub outbox_wake: Arc<Notify>,
    pub address: SocketAddr,
    pub client: Client,
    pub shutdown: CancellationToken,
    pub served: Option<JoinHandle<std::io::Result<()>>>,
    pub objects: PathBuf,
    /// Of an upload in parts.
    pub part_bytes: usize,
    _folder: TempDir,
}

/// An application that is not running yet.
pub struct Builder {
    store: TestStore,
    settings: Settings,
    blobs: Option<Arc<dyn BlobStore>>,
    queue: Option<Arc<dyn JobQueue>>,
    receive_pulse: Option<Arc<Pulse>>,
    /// Whether links lead to the storage itself.
    links_lead_away: bool,
}

impl TestApp {
    pub fn on(store: TestStore) -> Self {
        Self::builder(store).start()
    }

    /// With other settings than the tests' own.
    pub fn with(store: TestStore, change: impl FnOnce(&mut Settings)) -> Self {
        Self::builder(store).with(change).start()
    }

    pub fn builder(store: TestStore) -> Builder {
        let mut settings = Settings::default();
        // Tests are impatient, and sign up more often than people.
        settings.web.logins_per_minute = 10_000;
        settings.web.signups_per_minute = 10_000;
        settings.web.votes_per_minute = 10_000;
        settings.web.uploads_per_minute = 10_000;
        settings.web.drain_timeout_s = 5;
        // Less than a token of access is good for.
        settings.worker.upload_ttl_s = 1800;
        settings.web.upload_part_bytes = 1000;
        settings.showcase.rules.max_size_bytes = Some(1_000_000);
        Builder {
            store,
            settings,
            blobs: None,
            queue: None,
            receive_pulse: None,
            links_lead_away: false,
        }
    }

    /// With the objects in a bucket of its own, whose parts are as small as S3
    /// takes them.
    pub async fn on_s3(store: TestStore) -> Self {
        let (moto, bucket) = (Moto::shared(), Moto::fresh_name("web"));
        let client = anb_testkit::http().build().unwrap();
        let created = client.put(format!("{}/{bucket}", moto.endpoint())).send().await;
        created.unwrap().error_for_status().unwrap();
        let keys = Credentials::new(Moto::ACCESS_KEY, Moto::ACCESS_KEY, None, None, "test");
        let objects = S3Store::open(S3Options {
            endpoint: Some(moto.endpoint().parse().unwrap()),
            ..S3Options::new(
                bucket,
                Moto::REGION.into(),
                SharedCredentialsProvider::new(keys),
                store.clock.clone(),
            )
        });
        let mut builder = Self::builder(store).storage(objects.unwrap());
        builder.links_lead_away = true;
        builder.settings.web.upload_part_bytes = MIN_PART_SIZE;
        builder.settings.showcase.rules.max_size_bytes = Some(20_000_000);
        builder.start()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn clock(&self) -> &FakeClock {
        &self.store.clock
    }

    /// Somebody whom nobody knows.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.client.get(self.url(path))).await
    }

    pub async fn get_in(&self, language: &str, path: &str) -> Answer {
        Answer::to(self.client.get(self.url(path)).header("accept-language", language)).await
    }

    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        Answer::to(self.client.post(self.url(path)).json(body)).await
    }

    /// Signs up and logs in.
    pub async fn player(&self, name: &str) -> Player<'_> {
        Player::from(self, name, "Bogotá", "Colombia").await
    }

    pub async fn player_from(&self, name: &str, city: &str, country: &str) -> Player<'_> {
        Player::from(self, name, city, country).await
    }

    pub async fn video(&self, id: VideoId) -> Video {
        self.store.video(id).await.unwrap().expect("the video has a row")
    }

    /// What a worker does, without the work: every file of the result, then
    /// the row.
    pub async fn publishes(&self, video: VideoId) {
        let claim = self.store.claimed(video).await;
        for file in ResultFile::ALL {
            let key = self.layout.result(video, claim.attempt, file);
            let bytes = format!("{} of {video}", file.file_name()).into_bytes();
            let source = futures::stream::once(async { Ok(bytes.into()) }).boxed();
            self.blobs.put(&key, file.content_type(), source).await.unwrap();
        }
        assert!(self.store.publish(&claim, anb_testkit::published()).await.unwrap());
    }

    /// Every object in storage, by key.
    pub async fn objects(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for prefix in [self.layout.uploads_prefix(), self.layout.processed_prefix()] {
            let mut found = self.blobs.list(prefix);
            while let Some(info) = found.next().await {
                keys.push(info.unwrap().key);
            }
        }
        keys
    }

    /// Files in the folder of the objects, staged ones included.
    pub fn files(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
        }
        count(&self.objects)
    }

    pub async fn rows(&self) -> usize {
        let mut rows = 0;
        for status in VideoStatus::ALL {
            rows += self.store.videos(Some(status), 100, 0).await.unwrap().items.len();
        }
        rows
    }

    /// Neither row nor object; of an upload that was cut off, soon.
    pub async fn nothing_is_left(&self) {
        for _ in 0..100 {
            if self.rows().await == 0 && self.files() == 0 && self.objects().await.is_empty() {
                return self.nothing_is_staged().await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} rows, {} files are left", self.rows().await, self.files());
    }

    /// No upload is under way in storage.
    pub async fn nothing_is_staged(&self) {
        let staged = self.blobs.purge_staged(DateTime::<Utc>::MAX_UTC).await.unwrap();
        assert_eq!(staged, 0, "uploads are left in storage");
    }
}

impl Builder {
    pub fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub fn storage(mut self, blobs: impl BlobStore) -> Self {
        self.blobs = Some(Arc::new(blobs));
        self
    }

    pub fn queue(mut self, queue: impl JobQueue) -> Self {
        self.queue = Some(Arc::new(queue));
        self
    }

    /// A worker in the same process.
    pub fn receiver(mut self, pulse: Arc<Pulse>) -> Self {
        self.receive_pulse = Some(pulse);
        self
    }

    pub fn start(self) -> TestApp {
        let Self { store, mut settings, blobs, queue, receive_pulse, links_lead_away } = self;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let public_url: url::Url = format!("http://{address}").parse().unwrap();
        settings.web.public_url.get_or_insert(public_url.clone());
        settings.web.listen = address;

        let folder = TempDir::with_prefix("anb-web-").unwrap();
        let objects = folder.path().join("objects");
        let secret = "a test key that is long enough for all";
        let signer = Arc::new(LinkSigner::new(public_url, secret.as_bytes(), store.clock.clone()));
        let blobs = blobs
            .unwrap_or_else(|| Arc::new(LocalStore::open(&objects, Arc::clone(&signer)).unwrap()));
        let visibility = Duration::from_mins(2);
        let queue = queue.unwrap_or_else(|| {
            Arc::new(MemoryQueue::new(store.clock.clone(), store.ids.clone(), visibility))
        });
        let (outbox_wake, shutdown) = (Arc::new(Notify::new()), CancellationToken::new());
        let context = WebContext {
            store: Store::clone(&store),
            blobs: Arc::clone(&blobs),
            links: (!links_lead_away).then_some(signer),
            queue,
            receive_pulse,
            layout: KeyLayout::default(),
            outbox_wake: Arc::clone(&outbox_wake),
            contest: Contest::new(store.clone(), &settings, store.clock.clone()),
            settings: Arc::new(settings),
            secret_key: secret.into(),
            clock: store.clock.clone(),
            ids: store.ids.clone(),
        };
        let part_bytes = usize::try_from(context.settings.web.upload_part_bytes).unwrap();
        let cheap = HashCost { memory_kib: 8, iterations: 1, lanes: 1 };
        let served = tokio::spawn(anb_web::serve_with(context, cheap, listener, shutdown.clone()));
        TestApp {
            store,
            blobs,
            layout: KeyLayout::default(),
            outbox_wake,
            address,
            client: anb_testkit::http().build().unwrap(),
            shutdown,
            served: Some(served),
            objects,
            part_bytes,
            _folder: folder,
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}
