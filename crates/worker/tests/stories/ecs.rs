//! On ECS: the task is protected while it works, and has the cores it pays for.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use anb_domain::VideoStatus::*;
use anb_queue::JobQueue;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, put},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_task_is_protected_exactly_while_it_works,
    protection_is_asked_for_until_it_is_given,
    an_agent_that_refuses_stops_nothing,
    an_agent_that_says_nothing_stops_nothing,
    an_agent_that_is_not_there_stops_nothing,
    a_worker_has_as_many_slots_as_its_task_has_cores,
    a_task_that_cannot_be_described_has_the_cores_of_the_machine,
];

/// The agent of ECS beside a task.
struct Agent {
    desk: Arc<Desk>,
    url: String,
    _serves: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct Desk {
    orders: Mutex<Vec<Value>>,
    refuses: AtomicBool,
    is_silent: AtomicBool,
    vcpus: Option<f64>,
}

impl Agent {
    async fn starts() -> Self {
        Self::with(Desk::default()).await
    }

    #[expect(clippy::disallowed_methods, reason = "a server of the tests")]
    async fn with(desk: Desk) -> Self {
        let desk = Arc::new(desk);
        let router = Router::new()
            .route("/agent/task-protection/v1/state", put(protect))
            .route("/metadata/task", get(describe))
            .with_state(Arc::clone(&desk));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serves = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { desk, url, _serves: AbortOnDropHandle::new(serves) }
    }

    fn is_found_by(&self, lab: &mut Lab) {
        lab.host.ecs_agent = Some(format!("{}/agent", self.url));
        lab.host.ecs_metadata = Some(format!("{}/metadata", self.url));
    }

    /// What was asked so far: protection on or off.
    fn orders(&self) -> Vec<bool> {
        let orders = self.desk.orders.lock().unwrap();
        orders.iter().map(|order| order["ProtectionEnabled"].as_bool().unwrap()).collect()
    }
}

async fn protect(State(desk): State<Arc<Desk>>, Json(order): Json<Value>) -> Response {
    if desk.is_silent.load(SeqCst) {
        std::future::pending::<()>().await;
    }
    let answer = if desk.refuses.load(SeqCst) {
        let error = json!({ "error": { "Code": "ThrottlingException", "Message": "slow down" } });
        (StatusCode::BAD_REQUEST, Json(error))
    } else {
        let enabled = order["ProtectionEnabled"].clone();
        let protection = json!({ "protection": { "ProtectionEnabled": enabled } });
        (StatusCode::OK, Json(protection))
    };
    desk.orders.lock().unwrap().push(order);
    answer.into_response()
}

async fn describe(State(desk): State<Arc<Desk>>) -> Response {
    match desk.vcpus {
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(vcpus) => {
            let limits = json!({ "CPU": vcpus, "Memory": 4096 });
            Json(json!({ "LaunchType": "FARGATE", "Limits": limits })).into_response()
        }
    }
}

async fn a_task_is_protected_exactly_while_it_works(mut lab: Lab) {
    let agent = Agent::starts().await;
    agent.is_found_by(&mut lab);
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let worker = lab.starts_worker();
    lab.until("the worker is up", async || lab.worker_folders() == 1).await;
    assert!(agent.orders().is_empty(), "an idle task needs no protection");

    let video = lab.queues().await;
    lab.until("the task is protected", async || agent.orders() == [true]).await;
    assert_eq!(agent.desk.orders.lock().unwrap()[0]["ExpiresInMinutes"], 20);
    cue.notify_one();
    lab.becomes(video, Completed).await;
    lab.until("the protection is lifted", async || agent.orders().len() > 1).await;

    worker.drains().await;
    assert_eq!(agent.orders(), [true, false]);
}

async fn protection_is_asked_for_until_it_is_given(mut lab: Lab) {
    let agent = Agent::starts().await;
    agent.is_found_by(&mut lab);
    agent.desk.refuses.store(true, SeqCst);
    lab.script.then(Act::Hang);
    lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the agent has refused twice", async || agent.orders().len() == 2).await;

    agent.desk.refuses.store(false, SeqCst);

    lab.until("the task is protected", async || agent.orders().len() == 3).await;
    worker.shutdown.abort.cancel();
    worker.ends().await;
    assert_eq!(agent.orders(), [true; 3]);
}

async fn an_agent_that_refuses_stops_nothing(mut lab: Lab) {
    let agent = Agent::starts().await;
    agent.is_found_by(&mut lab);
    agent.desk.refuses.store(true, SeqCst);
    works_and_ends(lab).await;
}

async fn an_agent_that_says_nothing_stops_nothing(mut lab: Lab) {
    let agent = Agent::starts().await;
    agent.is_found_by(&mut lab);
    agent.desk.is_silent.store(true, SeqCst);
    works_and_ends(lab).await;
}

async fn an_agent_that_is_not_there_stops_nothing(mut lab: Lab) {
    lab.host.ecs_agent = Some("http://127.0.0.1:1".into());
    lab.host.ecs_metadata = Some("http://127.0.0.1:1".into());
    works_and_ends(lab).await;
}

async fn works_and_ends(lab: Lab) {
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    assert_eq!(lab.becomes(video, Completed).await.tries, 1);
    worker.drains().await;
    lab.queue_is_empty().await;
}

async fn a_worker_has_as_many_slots_as_its_task_has_cores(mut lab: Lab) {
    let agent = Agent::with(Desk { vcpus: Some(2.0), ..Desk::default() }).await;
    agent.is_found_by(&mut lab);
    assert_eq!(running_of_five(lab, 16).await, 2);
}

async fn a_task_that_cannot_be_described_has_the_cores_of_the_machine(mut lab: Lab) {
    let agent = Agent::starts().await;
    agent.is_found_by(&mut lab);
    assert_eq!(running_of_five(lab, 3).await, 3);
}

/// How many of five videos a machine of so many cores takes on at once.
async fn running_of_five(mut lab: Lab, cores: usize) -> usize {
    lab.host.cores = cores;
    lab.settings.slots = None;
    for _ in 0..5 {
        lab.script.then(Act::Hang);
        lab.queues().await;
    }
    let worker = lab.starts_worker();
    lab.until("the worker has its fill", async || {
        let stats = lab.queue.stats().await.unwrap();
        let running = lab.script.running();
        running > 0 && stats.in_flight == running as u64
    })
    .await;
    // A worker with a free slot would be offered another one at once.
    let running = lab.script.running();
    worker.shutdown.abort.cancel();
    worker.ends().await;
    running
}
