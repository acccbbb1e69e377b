//! What a process that is only a worker says about itself.

use std::{net::TcpListener, sync::atomic::Ordering::SeqCst, time::Duration};

use anb_queue::STALLED_AFTER;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    stories,
    support::{Act, Lab, Running},
};

stories![
    a_worker_is_healthy_and_ready,
    a_worker_that_hears_nothing_from_the_queue_is_not_ready,
    a_worker_with_its_hands_full_is_ready,
    a_worker_without_its_database_is_not_ready,
];

/// A worker and where it answers.
struct Answering {
    worker: Running,
    base: String,
    client: reqwest::Client,
}

impl Answering {
    fn starts(lab: &Lab) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut context = lab.context();
        context.listener = Some(listener);
        let client = anb_testkit::http().build().unwrap();
        Self { worker: lab.starts(context), base, client }
    }

    async fn asked(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn is_ready(&self) -> bool {
        self.asked("/ready").await.0 == 200
    }
}

async fn a_worker_is_healthy_and_ready(lab: Lab) {
    let it = Answering::starts(&lab);
    let (status, health) = it.asked("/health").await;
    assert_eq!((status, &health["status"]), (200, &json!("healthy")));
    let (status, readiness) = it.asked("/ready").await;
    let checks = json!({ "database": "ok", "receiving": "ok" });
    assert_eq!((status, readiness), (200, json!({ "status": "ready", "checks": checks })));
    it.worker.drains().await;
}

async fn a_worker_that_hears_nothing_from_the_queue_is_not_ready(lab: Lab) {
    lab.queue.cut_off.store(true, SeqCst);
    let it = Answering::starts(&lab);
    lab.until("the worker is up", async || lab.worker_folders() == 1).await;
    assert!(it.is_ready().await, "two minutes are allowed");

    lab.until("it is not ready", async || {
        lab.clock.forward(STALLED_AFTER);
        !it.is_ready().await
    })
    .await;
    let (_, readiness) = it.asked("/ready").await;
    assert_eq!(readiness["checks"], json!({ "database": "ok", "receiving": "error" }));
    assert_eq!(it.asked("/health").await.0, 200, "killing it would not help");

    lab.queue.cut_off.store(false, SeqCst);
    lab.until("it is ready again", async || it.is_ready().await).await;
    it.worker.drains().await;
}

async fn a_worker_with_its_hands_full_is_ready(mut lab: Lab) {
    lab.settings.slots = Some(1);
    lab.visibility = Duration::from_hours(10);
    lab.script.then(Act::Hang);
    lab.queues().await;
    let it = Answering::starts(&lab);
    lab.until("the job runs", async || lab.script.running() == 1).await;

    lab.clock.forward(10 * STALLED_AFTER);

    assert!(it.is_ready().await, "there is nothing it could receive");
    it.worker.shutdown.abort.cancel();
    it.worker.ends().await;
}

async fn a_worker_without_its_database_is_not_ready(lab: Lab) {
    let it = Answering::starts(&lab);
    lab.until("it is ready", async || it.is_ready().await).await;

    let rename = "ALTER TABLE store_migrations RENAME TO no_migrations";
    lab.database.db().writer().execute_unprepared(rename).await.unwrap();

    let (status, readiness) = it.asked("/ready").await;
    assert_eq!((status, &readiness["checks"]["database"]), (503, &json!("error")));
    it.worker.drains().await;
}
