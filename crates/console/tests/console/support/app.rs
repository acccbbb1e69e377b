use std::{net::SocketAddr, sync::Arc, time::Duration};

use anb_auth::{HashCost, Passwords};
use anb_blob::{LinkSigner, LocalStore};
use anb_config::Settings;
use anb_console::ConsoleContext;
use anb_contest::Contest;
use anb_domain::{Failure, FailureCode, Role, VideoId, VideoStatus, keys::KeyLayout};
use anb_ops::{Operations, Services};
use anb_queue::{DeadLetters, Job, JobQueue, MAX_RECEIVES, TableQueue, TableQueueOptions, migrate};
use anb_store::{NewPlayer, Player, Store, Video};
use anb_testkit::TestStore;
use reqwest::{Client, redirect::Policy};
use tempfile::TempDir;
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{BrokenQueue, Browser};

pub const PASSWORD: &str = "aro-tablero-red";

const SECRET: &str = "a test key that is long enough for all";

const CHEAP: HashCost = HashCost { memory_kib: 8, iterations: 1, lanes: 1 };

/// The console on a port of its own. Stops when dropped.
pub struct TestConsole {
    pub store: TestStore,
    pub queue: Arc<TableQueue>,
    pub outbox_wake: Arc<Notify>,
    pub address: SocketAddr,
    pub client: Client,
    pub shutdown: CancellationToken,
    pub served: Option<JoinHandle<std::io::Result<()>>>,
    /// Where the objects lie.
    pub blobs: Arc<LocalStore>,
    _folder: TempDir,
}

impl TestConsole {
    pub async fn on(store: TestStore) -> Self {
        Self::with(store, |_| {}).await
    }

    /// With other settings than the tests' own.
    pub async fn with(store: TestStore, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start(store, change, None, None).await
    }

    /// With a queue that is out.
    pub async fn without_queue(store: TestStore) -> Self {
        Self::start(store, |_| {}, Some(Arc::new(BrokenQueue)), None).await
    }

    /// With somebody who can be asked about the services.
    pub async fn on_ecs(store: TestStore, services: Arc<dyn Services>) -> Self {
        Self::start(store, |_| {}, None, Some(services)).await
    }

    async fn start(
        store: TestStore,
        change: impl FnOnce(&mut Settings),
        broken: Option<Arc<BrokenQueue>>,
        services: Option<Arc<dyn Services>>,
    ) -> Self {
        let settings = Arc::new(settings(change));
        let db = store.db().writer().clone();
        migrate(&db).await.unwrap();
        let options = TableQueueOptions::default();
        let queue = Arc::new(TableQueue::new(db, store.clock.clone(), store.ids.clone(), options));
        let (used, letters): (Arc<dyn JobQueue>, Arc<dyn DeadLetters>) = match broken {
            Some(broken) => (broken.clone(), broken),
            None => (queue.clone(), queue.clone()),
        };
        let (outbox_wake, shutdown) = (Arc::new(Notify::new()), CancellationToken::new());
        let folder = TempDir::with_prefix("anb-console-").unwrap();
        let blobs = objects(&folder, &store);
        let context = ConsoleContext {
            operations: Operations {
                store: Store::clone(&store),
                queue: used,
                dead_letters: letters,
                outbox_wake: Arc::clone(&outbox_wake),
                clock: store.clock.clone(),
            },
            contest: Contest::new(Store::clone(&store), &settings, store.clock.clone()),
            blobs: blobs.clone(),
            layout: KeyLayout::default(),
            settings,
            secret_key: SECRET.into(),
            ids: store.ids.clone(),
            services,
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = anb_console::serve(context, CHEAP, listener, shutdown.clone());
        Self {
            store,
            queue,
            outbox_wake,
            address,
            client: anb_testkit::http().redirect(Policy::none()).build().unwrap(),
            shutdown,
            served: Some(tokio::spawn(served)),
            blobs,
            _folder: folder,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Somebody from Bogotá with this role and [`PASSWORD`]: `Olga` is
    /// `olga@example.com`.
    pub async fn person(&self, name: &str, role: Role) -> Player {
        let passwords = Passwords::new(CHEAP, Some(1)).unwrap();
        let new = NewPlayer {
            first_name: name.parse().unwrap(),
            last_name: "Ruiz".parse().unwrap(),
            email: format!("{}@example.com", name.to_lowercase()).parse().unwrap(),
            password_hash: passwords.hash(PASSWORD.into()).await.unwrap(),
            city: "Bogotá".parse().unwrap(),
            country: "Colombia".parse().unwrap(),
            from: anb_domain::vote_review::Footprint::default(),
        };
        let player = self.store.create_player(new).await.unwrap();
        self.store.grant_role(&player.email, role).await.unwrap().unwrap()
    }

    /// A browser that has not signed in.
    pub fn stranger(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// Signs an operator in.
    pub async fn operator(&self, name: &str) -> Browser<'_> {
        self.signed_in(name, Role::Operator).await
    }

    pub async fn signed_in(&self, name: &str, role: Role) -> Browser<'_> {
        let person = self.person(name, role).await;
        let mut browser = self.stranger();
        browser.enrols(person.email.as_str()).await.ok().shows("recovery codes");
        browser
    }

    /// An upload of Ana's that waits, its message in the queue.
    pub async fn pending_video(&self, title: &str) -> Video {
        let owner = match self.store.player_by_email(&"ana@example.com".parse().unwrap()).await {
            Ok(Some(ana)) => ana,
            _ => self.store.a_player("Ana").await,
        };
        let video = self.store.a_pending_video_called(&owner, title).await;
        self.queue.send(&Job::new(video.id)).await.unwrap();
        self.nothing_is_left_to_send().await;
        video
    }

    pub async fn failed_video(&self, title: &str) -> Video {
        let failure = Failure::new(FailureCode::ProcessingFailed).with_detail("moov atom <lost>");
        let video = self.pending_video(title).await;
        assert!(self.store.fail_pending(video.id, &failure).await.unwrap());
        video
    }

    pub async fn rejected_video(&self, title: &str) -> Video {
        let video = self.pending_video(title).await;
        let claim = self.store.claimed(video.id).await;
        let failure = Failure::measured(FailureCode::TooShort, 20.0, 3.5);
        assert!(self.store.reject(&claim, &failure, anb_store::Spent::default()).await.unwrap());
        video
    }

    /// Has everything in the queue received until it is dead.
    pub async fn all_messages_die(&self) {
        for _ in 0..MAX_RECEIVES {
            let all = self.queue.receive(100, Duration::ZERO).await.unwrap();
            for message in all {
                self.queue.release(&message.receipt, Duration::ZERO).await.unwrap();
            }
        }
    }

    pub async fn status_of(&self, video: VideoId) -> VideoStatus {
        self.store.video(video).await.unwrap().unwrap().status
    }

    /// The videos whose messages wait to be sent.
    pub async fn to_be_sent(&self) -> Vec<VideoId> {
        let entries = self.store.take_outbox(100, Duration::from_secs(30)).await.unwrap();
        entries.into_iter().map(|entry| entry.video_id).collect()
    }

    async fn nothing_is_left_to_send(&self) {
        for entry in self.store.take_outbox(100, Duration::from_secs(30)).await.unwrap() {
            self.store.outbox_sent(&entry).await.unwrap();
        }
    }
}

fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default();
    // Tests sign in more often than people.
    settings.console.logins_per_minute = 10_000;
    settings.console.drain_timeout_s = 5;
    settings.web.public_url = "http://localhost:8000".parse().ok();
    change(&mut settings);
    settings
}

fn objects(folder: &TempDir, store: &TestStore) -> Arc<LocalStore> {
    let public_url = "http://localhost:8000".parse().unwrap();
    let signer = Arc::new(LinkSigner::new(public_url, SECRET.as_bytes(), store.clock.clone()));
    Arc::new(LocalStore::open(&folder.path().join("objects"), signer).unwrap())
}

impl Drop for TestConsole {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}
