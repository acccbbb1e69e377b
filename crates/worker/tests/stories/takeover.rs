//! Workers that are killed.

use std::time::Duration;

use anb_domain::{FailureCode, VideoStatus::*};
use anb_store::Outcome;

use crate::{
    stories,
    support::{Act, Lab},
};

stories![
    a_restart_takes_over_at_once,
    a_neighbour_takes_over_soon,
    another_machine_takes_over_when_the_lease_ends,
    three_deaths_end_a_video,
    a_living_neighbour_keeps_its_video,
];

async fn a_restart_takes_over_at_once(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let killed = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    killed.dies().await;
    assert_eq!(lab.job_folders(), 1, "nobody has cleaned up");

    let restarted = lab.starts_worker();

    // The clock has not been set forward: neither lease nor message ran out.
    lab.becomes(video, Completed).await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Lost), Some(Outcome::Published)]);
    lab.holds_one_result(video).await;
    lab.queue_is_empty().await;
    assert_eq!((lab.worker_folders(), lab.job_folders()), (1, 0));
    restarted.drains().await;
}

async fn a_neighbour_takes_over_soon(mut lab: Lab) {
    lab.settings.slots = Some(1);
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let killed = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    let _neighbour = lab.starts_worker();
    lab.until("the neighbour is up", async || lab.worker_folders() == 2).await;

    killed.dies().await;

    lab.becomes(video, Completed).await;
    lab.until("the folder of the dead is gone", async || lab.worker_folders() == 1).await;
}

async fn another_machine_takes_over_when_the_lease_ends(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let killed = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    killed.dies().await;

    let mut elsewhere = lab.context();
    elsewhere.work_dir = lab.work_dir().with_file_name("work of another machine");
    let _worker = lab.starts(elsewhere);
    lab.clock.forward(lab.visibility + Duration::from_secs(1));

    lab.becomes(video, Completed).await;
    lab.holds_one_result(video).await;
}

async fn three_deaths_end_a_video(lab: Lab) {
    let video = lab.queues().await;
    for death in 1..=3 {
        lab.script.then(Act::Hang);
        let worker = lab.starts_worker();
        lab.until(&format!("try {death} runs"), async || lab.script.running() == 1).await;
        worker.dies().await;
    }

    let _worker = lab.starts_worker();

    let failed = lab.becomes(video, Failed).await;
    assert_eq!(failed.failure.unwrap().code, FailureCode::WorkerLost);
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Lost); 3]);
    assert_eq!(lab.dead_letters().await, 1);
}

async fn a_living_neighbour_keeps_its_video(lab: Lab) {
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let busy = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;

    let neighbour = lab.starts_worker();
    lab.until("the neighbour is up", async || lab.worker_folders() == 2).await;
    neighbour.drains().await;

    assert_eq!(lab.outcomes(video).await, [None]);
    assert_eq!((lab.script.running(), lab.script.cancelled()), (1, 0));
    busy.shutdown.abort.cancel();
    busy.ends().await;
}
