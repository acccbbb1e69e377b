//! The queue in a table does what every queue must do, on both databases, and
//! does it for several processes.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{future, sync::Arc, task::Poll, time::Duration};

use anb_domain::{SystemIds, VideoId};
use anb_queue::{Job, JobQueue, TableQueue, TableQueueOptions, conformance::Harness, migrate};
use anb_store::Store;
use anb_testkit::TestStore;
use async_trait::async_trait;
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

/// Long enough that nothing becomes visible by itself during a test.
const VISIBILITY: Duration = Duration::from_mins(1);

struct Table {
    queue: TableQueue,
    store: TestStore,
}

async fn table(store: TestStore) -> Table {
    Table { queue: queue_of(&store, &store).await, store }
}

/// The queue as a process with connections of its own has it.
async fn process(store: &TestStore) -> TableQueue {
    queue_of(store, &store.of_another_process().await).await
}

async fn queue_of(store: &TestStore, connections: &Store) -> TableQueue {
    let db = connections.db().writer().clone();
    migrate(&db).await.unwrap();
    let options = TableQueueOptions { visibility: VISIBILITY, ..TableQueueOptions::default() };
    TableQueue::new(db, store.clock.clone(), Arc::new(SystemIds), options)
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
        self.store.clock.advance(duration);
    }
}

fn job(number: u128) -> Job {
    Job::new(VideoId(Uuid::from_u128(number)))
}

async fn another_process_is_heard_of_by_polling(store: TestStore) {
    let web = process(&store).await;
    let worker = process(&store).await;

    let send_soon = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        web.send(&job(1)).await.unwrap();
        Instant::now()
    };
    let (sent_at, taken) = tokio::join!(send_soon, worker.receive(1, Duration::from_secs(20)));

    assert_eq!(taken.unwrap()[0].job(), Ok(job(1)));
    assert!(sent_at.elapsed() < Duration::from_secs(2), "{:?}", sent_at.elapsed());
}

async fn processes_share_the_messages_out(store: TestStore) {
    const MESSAGES: u128 = 60;
    let web = process(&store).await;
    for number in 0..MESSAGES {
        web.send(&job(number)).await.unwrap();
    }

    let mut workers = JoinSet::new();
    for _ in 0..4 {
        let worker = process(&store).await;
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

async fn many_processes_start_at_once(store: TestStore) {
    let mut starts = JoinSet::new();
    for _ in 0..6 {
        let connections = store.of_another_process().await;
        starts.spawn(async move { migrate(connections.db().writer()).await });
    }

    for outcome in starts.join_all().await {
        outcome.unwrap();
    }
    let queue = process(&store).await;
    assert!(queue.stats().await.unwrap().is_empty());
}

async fn messages_outlive_the_process(store: TestStore) {
    let web = process(&store).await;
    web.send(&job(1)).await.unwrap();
    drop(web);

    let taken = process(&store).await.receive(1, Duration::ZERO).await.unwrap();

    assert_eq!(taken[0].job(), Ok(job(1)));
}

/// Goes away after every number of steps that a receive takes.
async fn a_receiver_that_goes_away_while_taking_gives_back_at_once(store: TestStore) {
    let queue = queue_of(&store, &store).await;
    queue.send(&job(1)).await.unwrap();
    for steps in 0.. {
        let mut receive = queue.receive(1, Duration::from_secs(20));
        let mut polls = 0;
        let taken = future::poll_fn(|context| {
            if polls == steps {
                return Poll::Ready(None);
            }
            polls += 1;
            receive.as_mut().poll(context).map(Some)
        })
        .await;
        drop(receive);
        if let Some(taken) = taken {
            assert_eq!(taken.unwrap()[0].receive_count, 1, "none of the others counts");
            return;
        }
        assert_soon_visible(&queue).await;
    }
}

async fn assert_soon_visible(queue: &TableQueue) {
    let deadline = Instant::now() + Duration::from_secs(10);
    // What is under way when the receiver goes away may still take effect.
    tokio::time::sleep(Duration::from_millis(20)).await;
    while queue.stats().await.unwrap().visible != 1 {
        assert!(Instant::now() < deadline, "the message stays hidden");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

macro_rules! on {
    ($name:ident, $store:expr) => {
        mod $name {
            use super::*;

            anb_queue::queue_conformance!(table($store).await);

            on! { @cases $store;
                another_process_is_heard_of_by_polling
                processes_share_the_messages_out
                many_processes_start_at_once
                messages_outlive_the_process
                a_receiver_that_goes_away_while_taking_gives_back_at_once
            }
        }
    };
    (@cases $store:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($store).await;
            }
        )*
    };
}

on!(sqlite, TestStore::sqlite().await);
on!(postgres, TestStore::postgres().await);
