//! G2: whoever dies, and wherever, each video ends once and leaves nothing
//! lying about. Every point between two writes is one story.
//!
//! Fail points belong to the whole process, so these stories have a program
//! of their own and run one after the other.

#![expect(clippy::unwrap_used, reason = "a test may end like that")]

#[expect(dead_code, reason = "these stories do not need all of it")]
mod support;

use std::{sync::Arc, time::Duration};

use anb_domain::{FailureCode, VideoId, VideoStatus, VideoStatus::*};
use anb_queue::JobQueue;
use anb_store::Outcome;
use anb_worker::{CrashPoint, relay};
use fail::FailScenario;
use futures::FutureExt;
use tokio::sync::Mutex;

use support::{Act, Lab, UPLOAD_TTL};

/// Held by the story that is being told.
static TURN: Mutex<()> = Mutex::const_new(());

macro_rules! one_after_the_other {
    ($($story:ident),+ $(,)?) => {
        mod alone {
            $(async fn $story(lab: super::Lab) {
                let _turn = super::TURN.lock().await;
                super::$story(lab).await;
            })+
            crate::stories![$($story),+];
        }
    };
}

one_after_the_other![
    between_claim_and_publication,
    after_publication,
    while_a_published_video_is_made_again,
    after_a_rejection,
    after_a_failed_try,
    after_the_last_failed_try,
    after_a_hand_back,
    before_a_message_is_sent,
    after_a_message_is_sent,
    while_parts_are_given_up,
    while_an_upload_is_given_up,
    while_an_attempt_is_purged,
    while_a_tombstone_is_purged,
];

/// One armed point; everything else runs as usual.
struct Crash {
    point: CrashPoint,
    _scenario: FailScenario<'static>,
}

impl Crash {
    fn at(point: CrashPoint) -> Self {
        Self::armed(point, "return")
    }

    /// Lets two pass.
    fn at_third(point: CrashPoint) -> Self {
        Self::armed(point, "2*off->return")
    }

    fn armed(point: CrashPoint, action: &str) -> Self {
        let scenario = FailScenario::setup();
        // Somebody may have reached the point of the story before.
        let _ = anb_worker::reached().now_or_never();
        fail::cfg(point.name(), action).unwrap();
        Self { point, _scenario: scenario }
    }

    async fn reached(&self) {
        let what = || panic!("{} is never reached", self.point.name());
        tokio::time::timeout(Duration::from_secs(30), anb_worker::reached())
            .await
            .unwrap_or_else(|_| what());
    }
}

/// A worker begins with `act` and dies at `point`; another one is started.
async fn dies(lab: &Lab, point: CrashPoint, act: Act) -> (VideoId, support::Running) {
    lab.script.then(act);
    let video = lab.queues().await;
    let crash = Crash::at(point);
    let killed = lab.starts_worker();
    crash.reached().await;
    killed.dies().await;
    drop(crash);
    (video, lab.starts_worker())
}

async fn ends(lab: &Lab, video: VideoId, status: VideoStatus, outcomes: &[Outcome]) {
    lab.becomes(video, status).await;
    let outcomes: Vec<_> = outcomes.iter().copied().map(Some).collect();
    assert_eq!(lab.outcomes(video).await, outcomes);
    if status == Completed {
        lab.holds_one_result(video).await;
    } else {
        lab.until("only the original is left", async || {
            lab.objects().await == [lab.layout.original(video)]
        })
        .await;
    }
    // A message whose receipt died with its worker comes back by itself.
    lab.clock.forward(lab.visibility);
    lab.queue_is_empty().await;
    lab.until("only the folder of the living is left", async || {
        (lab.worker_folders(), lab.job_folders()) == (1, 0)
    })
    .await;
}

async fn between_claim_and_publication(lab: Lab) {
    use CrashPoint::{Claimed, Downloaded, Transcoded, Uploaded, Uploading};
    for point in [Claimed, Downloaded, Transcoded, Uploading, Uploaded] {
        let (video, worker) = dies(&lab, point, Act::Succeed).await;
        ends(&lab, video, Completed, &[Outcome::Lost, Outcome::Published]).await;
        // The next story begins with an empty showcase.
        worker.drains().await;
        lab.store.delete_video(video, lab.player).await.unwrap();
        lab.reconciles().await;
    }
}

async fn after_publication(lab: Lab) {
    let (video, _worker) = dies(&lab, CrashPoint::Published, Act::Succeed).await;
    ends(&lab, video, Completed, &[Outcome::Published]).await;
}

/// G1 to G5 hold for a second making as for the first, and the old result is
/// there until the new one is.
async fn while_a_published_video_is_made_again(lab: Lab) {
    use CrashPoint::{Claimed, Downloaded, Published, Transcoded, Uploaded, Uploading};
    for point in [Claimed, Downloaded, Transcoded, Uploading, Uploaded, Published] {
        let video = lab.publishes().await;
        let old = lab.keys_of_published(video).await;
        lab.reprocesses(video).await;
        let crash = Crash::at(point);
        let killed = lab.starts_worker();
        crash.reached().await;
        killed.dies().await;
        drop(crash);
        for key in old {
            assert!(lab.storage.has(&key).await, "{point:?}");
        }
        assert_eq!(lab.video(video).await.status, Completed);

        let next = lab.starts_worker();
        lab.reprocessing_is(video, anb_domain::JobState::Done).await;
        lab.clock.forward(lab.visibility);
        lab.queue_is_empty().await;
        lab.holds_only_the_new_result(video).await;
        assert_eq!(lab.dead_letters().await, 0, "{point:?}");
        next.drains().await;
        lab.store.delete_video(video, lab.player).await.unwrap();
        lab.reconciles().await;
    }
}

async fn after_a_rejection(lab: Lab) {
    let act = Act::Reject(FailureCode::TooLong);
    let (video, _worker) = dies(&lab, CrashPoint::Rejected, act).await;
    ends(&lab, video, Rejected, &[Outcome::Rejected]).await;
}

async fn after_a_failed_try(lab: Lab) {
    let act = Act::Fail(FailureCode::TimedOut);
    let (video, _worker) = dies(&lab, CrashPoint::Failed, act).await;
    lab.clock.forward(lab.visibility);
    ends(&lab, video, Completed, &[Outcome::Failed, Outcome::Published]).await;
}

async fn after_the_last_failed_try(lab: Lab) {
    for _ in 0..3 {
        lab.script.then(Act::Fail(FailureCode::TimedOut));
    }
    let video = lab.queues().await;
    let crash = Crash::at_third(CrashPoint::Failed);
    let worker = lab.starts_worker();
    crash.reached().await;
    worker.dies().await;
    drop(crash);

    let _worker = lab.starts_worker();

    ends(&lab, video, Failed, &[Outcome::Failed; 3]).await;
    assert_eq!(lab.dead_letters().await, 1);
}

async fn after_a_hand_back(mut lab: Lab) {
    lab.settings.drain_timeout_s = 0;
    lab.script.then(Act::Hang);
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.until("the job runs", async || lab.script.running() == 1).await;
    let crash = Crash::at(CrashPoint::HandedBack);
    worker.shutdown.drain.cancel();
    crash.reached().await;
    worker.dies().await;
    drop(crash);

    let _worker = lab.starts_worker();
    lab.clock.forward(lab.visibility);

    ends(&lab, video, Completed, &[Outcome::Published]).await;
}

/// The relay dies with an entry in its hands, which another one takes over.
async fn relay_dies(lab: &Lab, point: CrashPoint) -> VideoId {
    let video = lab.accepts().await;
    let crash = Crash::at(point);
    let relay = {
        let (store, queue) = (lab.store.clone(), Arc::clone(&lab.queue));
        tokio::spawn(async move { relay::send_due(&store, queue.as_ref()).await })
    };
    crash.reached().await;
    relay.abort();
    drop(crash);
    lab.clock.forward(Duration::from_secs(31));
    video
}

async fn before_a_message_is_sent(lab: Lab) {
    let video = relay_dies(&lab, CrashPoint::RelayTaken).await;
    assert!(lab.queue.stats().await.unwrap().is_empty());

    let _worker = lab.starts_worker();

    ends(&lab, video, Completed, &[Outcome::Published]).await;
}

async fn after_a_message_is_sent(lab: Lab) {
    let video = relay_dies(&lab, CrashPoint::RelaySent).await;
    relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap();
    assert_eq!(lab.queue.stats().await.unwrap().visible, 2, "it is sent twice");

    let _worker = lab.starts_worker();

    ends(&lab, video, Completed, &[Outcome::Published]).await;
}

/// A reconciler dies in the middle of a round, and another one comes.
async fn reconciler_dies(lab: &Lab, point: CrashPoint) {
    let crash = Crash::at(point);
    let reconciler = lab.reconciler();
    let round = tokio::spawn(async move { reconciler.quick().await.map(|_| ()) });
    crash.reached().await;
    round.abort();
    drop(crash);
    lab.reconciles().await;
}

async fn while_parts_are_given_up(lab: Lab) {
    let (video, token) = lab.begins_parts().await;
    lab.clock.forward(UPLOAD_TTL + Duration::from_secs(3601));

    reconciler_dies(&lab, CrashPoint::PartsAborted).await;

    assert_eq!(lab.store.video(video).await.unwrap(), None);
    assert!(!lab.has_parts(video, &token).await);
    assert_eq!(lab.files_of_storage(), 0);
}

async fn while_an_upload_is_given_up(lab: Lab) {
    let video = lab.begins_upload().await;
    lab.clock.forward(UPLOAD_TTL + Duration::from_secs(3601));

    reconciler_dies(&lab, CrashPoint::UploadAbandoned).await;

    assert_eq!(lab.store.video(video).await.unwrap(), None);
    assert_eq!(lab.sweeps().await.strays_removed, 1);
    assert!(lab.objects().await.is_empty());
}

async fn while_an_attempt_is_purged(lab: Lab) {
    lab.script.then(Act::Fail(FailureCode::TimedOut));
    let video = lab.queues().await;
    let crash = Crash::at(CrashPoint::AttemptEmptied);
    let worker = lab.starts_worker();
    crash.reached().await;
    lab.becomes(video, Completed).await;
    worker.dies().await;
    drop(crash);

    lab.reconciles().await;

    assert!(lab.store.unpurged_attempts(10).await.unwrap().is_empty());
    lab.holds_one_result(video).await;
}

async fn while_a_tombstone_is_purged(lab: Lab) {
    let video = lab.queues().await;
    lab.store.delete_video(video, lab.player).await.unwrap();

    reconciler_dies(&lab, CrashPoint::TombstoneEmptied).await;

    assert!(lab.store.unpurged_tombstones(10).await.unwrap().is_empty());
    assert!(lab.objects().await.is_empty());
}
