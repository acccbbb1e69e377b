//! Operators stop tries, and what happens is written down.

use std::time::Duration;

use anb_domain::{Action, AttemptNo, FailureCode, Happening, JobState, VideoStatus};
use anb_store::{
    Actor, AuditFilter, CancelError, Cancelled, ClaimOutcome, EventDetail, HandBack, Outcome, Spent,
};
use anb_testkit::{TestStore, on_each_database, published};
use sea_orm::ConnectionTrait as _;

const LEASE: Duration = Duration::from_mins(2);

fn olga() -> Actor {
    Actor { name: "Olga Ruiz".into(), role: "operator".into(), ..Actor::system() }
}

on_each_database! {
    async fn a_try_that_runs_is_stopped(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        let video = claim.video.id;
        let other = store.cancel_attempt(video, AttemptNo(2), &olga()).await.unwrap_err();
        assert!(matches!(other, CancelError::NotRunning), "only the one that was meant");

        let end = store.cancel_attempt(video, claim.attempt, &olga()).await.unwrap();

        assert_eq!(end, Cancelled::Failed);
        let failed = store.video(video).await.unwrap().unwrap();
        assert_eq!(failed.status, VideoStatus::Failed);
        assert_eq!(failed.failure.unwrap().code, FailureCode::Cancelled);
        let attempt = store.attempts(video).await.unwrap().remove(0);
        assert_eq!(attempt.outcome, Some(Outcome::Failed));
        // Its worker has not noticed yet; nothing it does counts.
        assert!(!store.note_progress(&claim, 50).await.unwrap());
        assert!(!store.heartbeat(&claim, LEASE).await.unwrap());
        assert!(!store.publish(&claim, published()).await.unwrap());
        let message = HandBack::NewMessage;
        assert!(!store.hand_back(&claim, message).await.unwrap());
        // It has died; the next one to receive the message does not revive it.
        let next = store.claim(video, "w2", "r2", LEASE).await.unwrap();
        assert!(matches!(next, ClaimOutcome::Finished));
        let again = store.cancel_attempt(video, claim.attempt, &olga()).await.unwrap_err();
        assert!(matches!(again, CancelError::NotRunning));

        store.note_log_tail(claim.attempt_id, "frame 7").await.unwrap();
        assert_eq!(store.attempts(video).await.unwrap()[0].log_tail.as_deref(), Some("frame 7"));
        store.retry_video(video, &olga()).await.unwrap();
        assert_eq!(store.claimed(video).await.attempt, AttemptNo(2));

        let log = store.audit(&AuditFilter::default(), 10).await.unwrap();
        let done: Vec<_> = log.iter().map(|entry| (&*entry.action, &*entry.actor.name)).collect();
        let expected = [Action::VIDEO_RETRIED, Action::VIDEO_CANCELLED].map(Action::as_str);
        assert_eq!(done, expected.map(|action| (action, "Olga Ruiz")));
    }

    async fn a_published_video_that_is_made_again_stays_so(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        store.reprocess_video(video, &olga()).await.unwrap();
        store.pace_reprocessing("w1", 1).await.unwrap();
        let claim = store.claimed(video).await;

        let end = store.cancel_attempt(video, claim.attempt, &olga()).await.unwrap();

        assert_eq!(end, Cancelled::KeptOld);
        assert_eq!(store.video(video).await.unwrap().unwrap().status, VideoStatus::Completed);
        let (state, failure) = store.reprocessing_of(video).await.unwrap().unwrap();
        assert_eq!((state, failure.unwrap().code), (JobState::Kept, FailureCode::Cancelled));
    }

    async fn a_video_remembers_what_has_happened_to_it(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        let failure = anb_domain::Failure::new(FailureCode::TimedOut);
        let tail = Spent { log_tail: Some("frame=  12\0".into()), ..Spent::default() };
        store.clock.advance(Duration::from_secs(1));
        assert!(store.requeue(&claim, &failure, tail, HandBack::SameMessage).await.unwrap());
        let tail = store.attempts(claim.video.id).await.unwrap().remove(0).log_tail;
        assert_eq!(tail.as_deref(), Some("frame=  12\u{fffd}"));
        store.clock.advance(Duration::from_secs(1));
        let claim = store.claimed(claim.video.id).await;
        store.clock.advance(Duration::from_secs(1));
        assert!(store.publish(&claim, published()).await.unwrap());

        let history = store.history(claim.video.id).await.unwrap();
        let told: Vec<_> =
            history.iter().map(|event| (event.kind, event.attempt.map(|no| no.0))).collect();
        assert_eq!(
            told,
            [
                (Happening::Uploaded, None),
                (Happening::Claimed, Some(1)),
                (Happening::Requeued, Some(1)),
                (Happening::Claimed, Some(2)),
                (Happening::Published, Some(2)),
            ]
        );
        let because = EventDetail { failure: Some(failure), ..EventDetail::default() };
        assert_eq!(history[2].detail, because);
        assert_eq!(history[1].detail.worker.as_deref(), Some("w1"));
    }

    async fn what_has_happened_is_never_changed(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.a_pending_video(&ana).await;
        let change = "UPDATE video_events SET kind = 'published'";
        let refusal = store.db().writer().execute_unprepared(change).await.unwrap_err();
        assert!(refusal.to_string().contains("append-only"), "{refusal}");
        // It goes with an upload that was never accepted.
        let upload = store.an_upload(&ana).await;
        store.abandon_upload(upload).await.unwrap();
    }
}
