//! `kill -9` of whoever sends events, right after the receiver has taken one:
//! what has happened is told at least once, and each time by the same name.

use std::{fs, os::unix::process::ExitStatusExt as _, time::Duration};

use anb_domain::EventKind;
use anb_store::{Actor, DeliveryState, Endpoint, LoggedDelivery, NewEndpoint, Store};
use anb_testkit::Postgres;

use crate::{clips, receiver::Receiver, site::Site};

const SIGKILL: i32 = 9;

/// How long a process may take to encode, send and die.
const LIMIT: Duration = Duration::from_mins(3);

async fn a_webhook(store: &Store, receiver: &Receiver) -> Endpoint {
    let new = NewEndpoint {
        url: receiver.url(),
        description: "Club".into(),
        events: vec![EventKind::VideoCompleted],
        active: true,
    };
    store.create_endpoint(new, &Actor::terminal()).await.unwrap()
}

async fn the_delivery(store: &Store, endpoint: &Endpoint) -> LoggedDelivery {
    let mut log = store.deliveries(endpoint.id, None, 9, 0).await.unwrap();
    assert_eq!(log.items.len(), 1);
    log.items.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_killed_between_answer_and_note_on_sqlite() {
    a_sender_killed_between_answer_and_note(Site::embedded()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_killed_between_answer_and_note_on_postgres() {
    let url = Postgres::blank_database().await;
    a_sender_killed_between_answer_and_note(Site::on_postgres(&url)).await;
}

async fn a_sender_killed_between_answer_and_note(site: Site) {
    let site = site.set("ANB_WEBHOOKS__ALLOW_PRIVATE", "true");
    let receiver = Receiver::start().await;
    let _web = site.start("web");
    site.is_up().await;
    let store = site.store().await;
    let endpoint = a_webhook(&store, &receiver).await;
    let ana = site.player("Ana", "Bogotá").await;
    let mut doomed = site.start_with("worker", &[("FAULTS_DIE_AT", "webhooks::answered")]);
    ana.uploads(clips::short(), "Triple").await;

    let ended = tokio::task::block_in_place(|| doomed.exits_within(LIMIT));
    assert_eq!(ended.signal(), Some(SIGKILL));
    assert_eq!(receiver.heard().len(), 1, "it had been sent, and taken");
    let left = the_delivery(&store, &endpoint).await;
    assert_eq!((left.state, left.sends.len()), (DeliveryState::Waiting, 0), "nobody noted it");

    // For a minute the delivery belongs to whoever has died.
    let clock = site.dir.path().join("later");
    fs::write(&clock, "120000").unwrap();
    let _next = site.start_with("worker", &[("FAULTS_CLOCK", clock.to_str().unwrap())]);
    let told = tokio::time::timeout(LIMIT, receiver.has_heard(2)).await;
    told.expect("it is sent again");
    let is_delivered = async {
        while the_delivery(&store, &endpoint).await.state != DeliveryState::Delivered {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LIMIT, is_delivered).await.expect("it is noted");

    let [first, second] = &receiver.heard()[..] else { panic!("twice") };
    assert_eq!(first.headers["webhook-id"], left.event.to_string());
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert_eq!(first.body, second.body);
    assert_eq!(the_delivery(&store, &endpoint).await.sends.len(), 1);
}
