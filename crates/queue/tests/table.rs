//! The queue in a table does what every queue must do, on both databases, and
//! does it for several processes.

mod support;

use std::{sync::Arc, time::Duration};

use anb_domain::{SystemIds, VideoId};
use anb_queue::{Job, JobQueue, TableQueue, TableQueueOptions, conformance::Harness, migrate};
use async_trait::async_trait;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use support::{SetClock, VISIBILITY};
use tempfile::TempDir;
use tokio::time::Instant;
use uuid::Uuid;

/// A database of one test, of which every connection is another process.
struct Server {
    url: String,
    _folder: TempDir,
}

impl Server {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("anb.db").display());
        Self { url, _folder: folder }
    }

    async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
                .busy_timeout(Duration::from_secs(10))
        });
        Database::connect(options).await.unwrap()
    }

    /// A queue as a process of its own would open it.
    async fn process(&self, clock: &Arc<SetClock>) -> TableQueue {
        let options = TableQueueOptions { visibility: VISIBILITY, ..TableQueueOptions::default() };
        let db = self.connect().await;
        migrate(&db).await.unwrap();
        TableQueue::new(db, clock.clone(), Arc::new(SystemIds), options)
    }
}

struct Table {
    queue: TableQueue,
    clock: Arc<SetClock>,
    _server: Server,
}

async fn table(server: Server) -> Table {
    let clock = Arc::new(SetClock::default());
    Table { queue: server.process(&clock).await, clock, _server: server }
}

#[async_trait]
impl Harness for Table {
    type Queue = TableQueue;

    fn queue(&self) -> &TableQueue {
        &self.queue
    }

    fn visibility(&self) -> Duration {
        VISIBILITY
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }

    async fn send_raw(&self, body: &str) {
        self.queue.send_body(body, None).await.unwrap();
    }

    async fn let_pass(&self, duration: Duration) {
        self.clock.forward(duration);
    }
}

fn job(number: u128) -> Job {
    Job::new(VideoId(Uuid::from_u128(number)))
}

async fn another_process_is_heard_of_by_polling(server: Server) {
    let clock = Arc::default();
    let web = server.process(&clock).await;
    let worker = server.process(&clock).await;

    let send_soon = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        web.send(&job(1)).await.unwrap();
        Instant::now()
    };
    let (sent_at, taken) = tokio::join!(send_soon, worker.receive(1, Duration::from_secs(20)));

    assert_eq!(taken.unwrap()[0].job(), Ok(job(1)));
    assert!(sent_at.elapsed() < Duration::from_secs(2), "{:?}", sent_at.elapsed());
}

async fn processes_share_the_messages_out(server: Server) {
    const MESSAGES: u128 = 60;
    let clock = Arc::default();
    let web = server.process(&clock).await;
    for number in 0..MESSAGES {
        web.send(&job(number)).await.unwrap();
    }

    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let worker = server.process(&clock).await;
        workers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let some = worker.receive(2, Duration::ZERO).await.unwrap();
                if some.is_empty() {
                    return mine;
                }
                mine.extend(
                    some.into_iter().map(|taken| taken.job().unwrap().video_id.0.as_u128()),
                );
            }
        });
    }

    let mut all = workers.join_all().await.concat();
    all.sort_unstable();
    assert_eq!(all, (0..MESSAGES).collect::<Vec<_>>());
}

async fn many_processes_start_at_once(server: Server) {
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let db = server.connect().await;
        starts.spawn(async move { migrate(&db).await });
    }

    for outcome in starts.join_all().await {
        outcome.unwrap();
    }
    let queue = server.process(&Arc::default()).await;
    assert!(queue.stats().await.unwrap().is_empty());
}

async fn messages_outlive_the_process(server: Server) {
    let clock = Arc::default();
    let web = server.process(&clock).await;
    web.send(&job(1)).await.unwrap();
    drop(web);

    let taken = server.process(&clock).await.receive(1, Duration::ZERO).await.unwrap();

    assert_eq!(taken[0].job(), Ok(job(1)));
}

macro_rules! on {
    ($name:ident, $server:expr) => {
        mod $name {
            use super::*;

            anb_queue::queue_conformance!(table($server).await);

            on! { @cases $server;
                another_process_is_heard_of_by_polling
                processes_share_the_messages_out
                many_processes_start_at_once
                messages_outlive_the_process
            }
        }
    };
    (@cases $server:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($server).await;
            }
        )*
    };
}

on!(sqlite, Server::sqlite());
