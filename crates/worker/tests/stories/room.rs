//! The disk is full.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};

use anb_domain::{FailureCode, VideoStatus::*};
use anb_queue::JobQueue;
use tokio::sync::Notify;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_worker_without_room_takes_no_job_until_there_is_some,
    a_disk_that_fills_up_costs_tries_and_not_the_video,
];

/// A disk whose free space the test decides.
#[derive(Default)]
struct Disk {
    free_bytes: AtomicU64,
    looks: AtomicU64,
}

impl Disk {
    fn look(&self) -> u64 {
        self.looks.fetch_add(1, SeqCst);
        self.free_bytes.load(SeqCst)
    }
}

async fn a_worker_without_room_takes_no_job_until_there_is_some(mut lab: Lab) {
    let disk = Arc::new(Disk::default());
    disk.free_bytes.store(49_000_000, SeqCst);
    let looked_at = Arc::clone(&disk);
    lab.host.free_space = Arc::new(move |_| Ok(looked_at.look()));
    lab.settings.min_free_mb = Some(50);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the worker has looked twice", async || disk.looks.load(SeqCst) >= 2).await;
    let stats = lab.queue.stats().await.unwrap();
    assert_eq!((stats.visible, stats.in_flight), (1, 0), "left to a worker that has room");

    disk.free_bytes.store(50_000_000, SeqCst);

    assert_eq!(lab.becomes(video, Completed).await.tries, 1);
}

async fn a_disk_that_fills_up_costs_tries_and_not_the_video(lab: Lab) {
    let cue = Arc::new(Notify::new());
    lab.script.then(Act::Fail(FailureCode::OutOfSpace));
    lab.script.then(Act::Succeed);
    lab.script.then(Act::Wait(Arc::clone(&cue)));
    lab.storage.full.store(true, SeqCst);
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.until("the third try runs", async || lab.attempts(video).await.len() == 3).await;
    for attempt in &lab.attempts(video).await[..2] {
        assert_eq!(attempt.failure.as_ref().unwrap().code, FailureCode::OutOfSpace);
    }

    lab.storage.full.store(false, SeqCst);
    cue.notify_one();

    lab.becomes(video, Completed).await;
    lab.holds_one_result(video).await;
}
