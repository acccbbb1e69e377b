//! What the console sees of a worker, and the samples that workers take.

use std::{sync::Arc, time::Duration};

use anb_domain::Clock as _;
use anb_store::{Window, WorkersAtWork};
use tokio::sync::Notify;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_worker_is_seen_with_its_slots_until_it_ends,
    a_worker_that_was_killed_is_soon_not_counted,
    a_worker_takes_samples,
];

async fn at_work(lab: &Lab) -> WorkersAtWork {
    WorkersAtWork::of(&lab.store.workers().await.unwrap())
}

const fn two_slots(busy: u64) -> WorkersAtWork {
    WorkersAtWork { workers: 1, slots: 2, busy }
}

async fn a_worker_is_seen_with_its_slots_until_it_ends(lab: Lab) {
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    let worker = lab.starts_worker();
    lab.until("it is seen", async || at_work(&lab).await == two_slots(0)).await;
    let seen = lab.store.workers().await.unwrap().remove(0);
    assert_eq!(seen.version, env!("CARGO_PKG_VERSION"));
    assert!(seen.started_at <= lab.clock.now() && !seen.host.is_empty());

    let video = lab.queues().await;
    lab.until("one slot is busy", async || at_work(&lab).await == two_slots(1)).await;
    assert_eq!(lab.attempts(video).await[0].worker, seen.name, "attempts name it alike");
    worker.shutdown.drain.cancel();
    let drains = WorkersAtWork { workers: 1, slots: 1, busy: 1 };
    lab.until("it takes no more on", async || at_work(&lab).await == drains).await;
    cue.notify_one();
    worker.ends().await;

    assert_eq!(at_work(&lab).await, WorkersAtWork::default());
    assert_eq!(lab.store.last_sign_of_a_worker().await.unwrap(), None, "it has said goodbye");
}

async fn a_worker_that_was_killed_is_soon_not_counted(lab: Lab) {
    let worker = lab.starts_worker();
    lab.until("it is seen", async || at_work(&lab).await == two_slots(0)).await;
    worker.dies().await;
    assert_eq!(at_work(&lab).await, two_slots(0));
    lab.clock.forward(Duration::from_secs(31));
    assert_eq!(at_work(&lab).await, WorkersAtWork::default());
    assert!(lab.store.last_sign_of_a_worker().await.unwrap().is_some());
}

async fn a_worker_takes_samples(lab: Lab) {
    let began = lab.clock.now();
    let _worker = lab.starts_worker();
    let window = || Window {
        from: began - Duration::from_mins(1),
        to: lab.clock.now() + Duration::from_secs(1),
        step: Duration::from_hours(1),
    };
    lab.until("there is a sample", async || {
        lab.store.samples(&window()).await.unwrap()[0].is_some()
    })
    .await;
    let sample = lab.store.samples(&window()).await.unwrap()[0].unwrap();
    assert_eq!((sample.visible, sample.dead, sample.oldest_s), (Some(0), Some(0), Some(0)));
}
