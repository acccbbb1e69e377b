//! PostgreSQL goes away under load and comes back: whoever was refused may ask
//! again, what was acknowledged is there, and nobody has to be restarted.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use anb_domain::{
    Clock as _, PlayerId, SystemClock, SystemIds, VideoId, VideoStatus, voting::VotingWindow,
};
use anb_store::{
    ClaimOutcome, Db, DbOptions, NewPlayer, NewUpload, PublicFilter, Store, StoreError, VoteError,
};
use anb_testkit::{PostgresServer, original, published};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, UnixStream},
    sync::watch,
    task::JoinSet,
};
use tokio_util::task::AbortOnDropHandle;

const LEASE: Duration = Duration::from_mins(2);

/// Long enough for the busiest machine; reached only by a failing test.
const PATIENCE: Duration = Duration::from_mins(1);

async fn open(url: String) -> Store {
    let options = DbOptions {
        url,
        max_connections: 4,
        acquire_timeout: Duration::from_secs(2),
        ..DbOptions::default()
    };
    let db = Db::connect(&options).await.unwrap();
    db.migrate().await.unwrap();
    Store::new(db, Arc::new(SystemClock), Arc::new(SystemIds))
}

async fn a_player(store: &Store, name: &str) -> PlayerId {
    let new = NewPlayer {
        first_name: name.parse().unwrap(),
        last_name: "Ruiz".parse().unwrap(),
        email: format!("{name}@example.com").parse().unwrap(),
        password_hash: "not a hash".into(),
        city: "Cali".parse().unwrap(),
        country: "Colombia".parse().unwrap(),
        from: anb_domain::vote_review::Footprint::default(),
    };
    store.create_player(new).await.unwrap().id
}

/// What the clients of one kind were told.
#[derive(Default)]
struct Clients {
    done: AtomicU64,
    refused: AtomicU64,
}

impl Clients {
    /// Notes an answer. Only what passes by itself may go wrong.
    fn hear<T>(&self, answer: Result<T, StoreError>) -> Option<T> {
        match answer {
            Ok(answer) => {
                self.done.fetch_add(1, SeqCst);
                Some(answer)
            }
            Err(error) => {
                assert!(error.is_transient(), "{error}");
                self.refused.fetch_add(1, SeqCst);
                None
            }
        }
    }
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    uploads: Mutex<HashSet<VideoId>>,
    published: Mutex<HashSet<VideoId>>,
    votes: Mutex<HashSet<(VideoId, PlayerId)>>,
}

impl Acknowledged {
    fn all(&self) -> (HashSet<VideoId>, HashSet<VideoId>, HashSet<(VideoId, PlayerId)>) {
        let uploads = self.uploads.lock().unwrap().clone();
        (uploads, self.published.lock().unwrap().clone(), self.votes.lock().unwrap().clone())
    }
}

#[derive(Default)]
struct Load {
    uploading: Clients,
    working: Clients,
    voting: Clients,
    acknowledged: Acknowledged,
}

impl Load {
    async fn upload(&self, store: &Store, owner: PlayerId) {
        let expires_at = SystemClock.now() + Duration::from_hours(1);
        let begun = store.begin_upload(NewUpload { owner, expires_at }).await;
        let Some(video) = self.uploading.hear(begun) else { return };
        let completed = store.complete_upload(video, original("Clavada")).await;
        if let Some(Some(video)) = self.uploading.hear(completed) {
            self.acknowledged.uploads.lock().unwrap().insert(video.id);
        }
    }

    /// Takes on what was uploaded, as workers do.
    async fn work(&self, store: &Store, worker: &str) {
        let waiting = store.videos(Some(VideoStatus::Pending), 1, 0).await;
        let Some(waiting) = self.working.hear(waiting) else { return };
        let Some(video) = waiting.items.first() else { return };
        let claim = store.claim(video.id, worker, "receipt", LEASE).await;
        let Some(ClaimOutcome::Claimed(claim)) = self.working.hear(claim) else { return };
        if self.working.hear(store.publish(&claim, published()).await) == Some(true) {
            self.acknowledged.published.lock().unwrap().insert(video.id);
        }
    }

    async fn vote(&self, store: &Store, voter: PlayerId) {
        let filter = PublicFilter { limit: 100, ..PublicFilter::default() };
        let Some(page) = self.voting.hear(store.public_videos(&filter).await) else { return };
        for video in page.items {
            let cast = store
                .cast_vote(
                    video.id,
                    voter,
                    &VotingWindow::default(),
                    &anb_domain::vote_review::Footprint::default(),
                )
                .await;
            let heard = match cast {
                // Also when the answer to an earlier try was lost.
                Ok(_) | Err(VoteError::AlreadyVoted) => Ok(()),
                Err(VoteError::Store(error)) => Err(error),
                Err(refusal) => panic!("{refusal}"),
            };
            if self.voting.hear(heard).is_some() {
                self.acknowledged.votes.lock().unwrap().insert((video.id, voter));
            }
        }
    }

    fn everybody(&self) -> [&Clients; 3] {
        [&self.uploading, &self.working, &self.voting]
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "still waiting until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until everybody got `more` answers of the kind.
async fn everybody(load: &Load, what: &str, more: u64, count: fn(&Clients) -> &AtomicU64) {
    let enough = load.everybody().map(|clients| count(clients).load(SeqCst) + more);
    let now = || load.everybody().map(|clients| count(clients).load(SeqCst));
    until(what, || now().iter().zip(&enough).all(|(now, enough)| now >= enough)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_cut_off_and_comes_back() {
    let server = PostgresServer::start();
    let store = open(server.url("postgres")).await;
    let owner = a_player(&store, "Ana").await;
    let load = Arc::new(Load::default());
    let mut clients = JoinSet::new();
    for voter in ["Luz", "Mar", "Sol"] {
        let (store, load) = (store.clone(), Arc::clone(&load));
        let voter = a_player(&store, voter).await;
        clients.spawn(async move {
            loop {
                load.vote(&store, voter).await;
            }
        });
    }
    for worker in ["w1", "w2"] {
        let (uploader, store, load) = (store.clone(), store.clone(), Arc::clone(&load));
        let uploads = Arc::clone(&load);
        clients.spawn(async move {
            loop {
                uploads.upload(&uploader, owner).await;
            }
        });
        clients.spawn(async move {
            loop {
                load.work(&store, worker).await;
            }
        });
    }

    for _ in 0..3 {
        everybody(&load, "everybody is served", 20, |clients| &clients.done).await;
        server.stop();
        everybody(&load, "everybody is refused", 2, |clients| &clients.refused).await;
        server.start_again();
    }
    everybody(&load, "everybody is served again", 20, |clients| &clients.done).await;
    clients.shutdown().await;

    let (uploads, published, votes) = load.acknowledged.all();
    assert!(!published.is_empty() && !votes.is_empty());
    for video in uploads {
        let kept = store.video(video).await.unwrap().expect("an acknowledged upload");
        assert_ne!(kept.status, VideoStatus::Uploading);
    }
    for video in published {
        let kept = store.video(video).await.unwrap().unwrap();
        assert_eq!(kept.status, VideoStatus::Completed);
    }
    for (video, voter) in votes {
        let (ballot, _) = store.vote_status(video, voter).await.unwrap().unwrap();
        assert_eq!(ballot, anb_store::Ballot::Counts, "an acknowledged vote");
    }
    totals_equal_votes(&store).await;
}

async fn totals_equal_votes(store: &Store) {
    let wrong = "SELECT count(*) AS n FROM videos v WHERE v.votes <> \
                 (SELECT count(*) FROM votes WHERE votes.video_id = v.id)";
    let wrong = Statement::from_string(DbBackend::Postgres, wrong);
    let wrong = store.db().reader().query_one_raw(wrong).await.unwrap().unwrap();
    assert_eq!(wrong.try_get::<i64>("", "n").unwrap(), 0);
}

/// A way to the server on which everything may get stuck, as when its machine
/// has vanished: nothing arrives, and nothing is said about it.
struct Network {
    address: std::net::SocketAddr,
    /// Connections made up to this number are stuck.
    stuck: watch::Sender<u64>,
    made: Arc<AtomicU64>,
    _runs: AbortOnDropHandle<()>,
}

impl Network {
    async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stuck, made) = (watch::Sender::new(0), Arc::new(AtomicU64::new(0)));
        let (watching, count) = (stuck.clone(), Arc::clone(&made));
        let runs = tokio::spawn(async move {
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let number = count.fetch_add(1, SeqCst) + 1;
                let (socket, mut stuck) = (socket.clone(), watching.subscribe());
                tokio::spawn(async move {
                    let mut server = UnixStream::connect(socket).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => return,
                        () = reaches(&mut stuck, number) => {}
                    }
                    // Both sides stay open.
                    std::future::pending::<()>().await;
                });
            }
        });
        Self { address, stuck, made, _runs: AbortOnDropHandle::new(runs) }
    }

    fn gets_stuck(&self) {
        self.stuck.send_replace(u64::MAX);
    }

    /// What is stuck stays so; new connections get through.
    fn comes_back(&self) {
        self.stuck.send_replace(self.made.load(SeqCst));
    }
}

async fn reaches(watched: &mut watch::Receiver<u64>, number: u64) {
    watched.wait_for(|reached| *reached >= number).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_got_stuck_are_replaced() {
    let server = PostgresServer::start();
    let network = Network::to(server.socket()).await;
    let store = open(format!("postgres://postgres@{}/postgres", network.address)).await;
    let ana = a_player(&store, "Ana").await;
    let ask = async |within| tokio::time::timeout(within, store.videos_of(ana)).await;
    let four = futures::future::join_all((0..4).map(|_| ask(PATIENCE))).await;
    assert!(four.into_iter().all(|answer| answer.is_ok_and(|videos| videos.is_ok())));

    network.gets_stuck();
    // Requests have time limits of their own.
    let cut = futures::future::join_all((0..4).map(|_| ask(Duration::from_secs(1)))).await;
    assert!(cut.iter().all(|answer| !matches!(answer, Ok(Ok(_)))));
    network.comes_back();

    let begun = Instant::now();
    while !matches!(ask(Duration::from_secs(10)).await, Ok(Ok(_))) {
        assert!(begun.elapsed() < PATIENCE, "the pool is stuck for good");
    }
}
