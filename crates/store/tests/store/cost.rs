//! How long each try has kept its task busy.

use std::time::Duration;

use anb_domain::{Failure, FailureCode};
use anb_store::{Attempt, HandBack, PublishedResult, Spent};
use anb_testkit::{TestStore, on_each_database, published};

const SECOND: Duration = Duration::from_secs(1);

fn trouble() -> Failure {
    Failure::new(FailureCode::ProcessingFailed)
}

/// A try that shared its worker with others for a while.
fn shared() -> Spent {
    Spent { task_ms: Some(12_500), ..Spent::default() }
}

on_each_database! {
    async fn each_try_is_counted_whatever_becomes_of_it(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await;
        let first = store.claimed(video.id).await;
        store.clock.advance(20 * SECOND);
        store.requeue(&first, &trouble(), shared(), HandBack::SameMessage).await.unwrap();
        store.clock.advance(100 * SECOND);
        let second = store.claimed(video.id).await;
        store.clock.advance(30 * SECOND);
        let result = PublishedResult { task_ms: Some(15_000), ..published() };
        assert!(store.publish(&second, result).await.unwrap());

        let attempts = store.attempts(video.id).await.unwrap();

        let busy: Vec<_> = attempts.iter().map(|attempt| attempt.busy().as_secs()).collect();
        assert_eq!(busy, [20, 30], "the pause in between costs nothing");
        let task: Vec<_> = attempts.iter().map(Attempt::task_time).collect();
        assert_eq!(task, [Duration::from_millis(12_500), 15 * SECOND]);
    }

    async fn rejected_and_failed_tries_cost_as_well(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let rejected = store.a_claimed_video(&ana).await;
        store.reject(&rejected, &trouble(), shared()).await.unwrap();
        let failed = store.a_claimed_video(&ana).await;
        store.fail(&failed, &trouble(), shared()).await.unwrap();

        for claim in [rejected, failed] {
            let attempts = store.attempts(claim.video.id).await.unwrap();
            assert_eq!(attempts[0].task_ms, Some(12_500));
        }
    }

    async fn a_worker_that_vanished_was_busy_until_its_last_sign_of_life(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        store.clock.advance(60 * SECOND);
        assert!(store.heartbeat(&claim, 120 * SECOND).await.unwrap());
        store.clock.advance(3600 * SECOND);
        store.claimed(claim.video.id).await;

        let attempts = store.attempts(claim.video.id).await.unwrap();

        assert_eq!(attempts[0].busy(), 60 * SECOND);
        assert_eq!(attempts[0].task_time(), 60 * SECOND, "as if it had worked on nothing else");
    }
}
