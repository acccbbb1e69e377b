use std::time::Duration;

use anb_domain::{AttemptNo, Clock as _, Failure, FailureCode, VideoStatus};
use anb_store::{ClaimOutcome, HandBack, Player};
use anb_testkit::{TestStore, on_each_database, published};

const LEASE: Duration = Duration::from_mins(2);
const SECOND: Duration = Duration::from_secs(1);

fn trouble() -> Failure {
    Failure::new(FailureCode::TimedOut)
}

async fn send_all(store: &TestStore) {
    for entry in store.take_outbox(100, LEASE).await.unwrap() {
        store.outbox_sent(&entry).await.unwrap();
    }
}

async fn a_sent_video(store: &TestStore, owner: &Player) -> anb_domain::VideoId {
    let video = store.a_pending_video(owner).await.id;
    send_all(store).await;
    video
}

on_each_database! {
    async fn an_upload_that_nobody_finishes_expires(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let forgotten = store.an_upload(&ana).await;
        store.clock.advance(Duration::from_secs(3599));
        store.an_upload(&ana).await;
        assert_eq!(store.expired_uploads(10).await.unwrap(), []);
        store.clock.advance(SECOND);
        assert_eq!(store.expired_uploads(10).await.unwrap(), [forgotten]);
    }

    async fn a_vanished_worker_costs_a_try_and_the_third_the_video(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = a_sent_video(&store, &ana).await;
        for tries in 1..=3 {
            let claim = store.claimed(video).await;
            assert_eq!(store.expired_leases(store.clock.now(), 10).await.unwrap(), []);
            store.clock.advance(LEASE + SECOND);
            let [lease] = &store.expired_leases(store.clock.now(), 10).await.unwrap()[..] else {
                panic!()
            };
            assert_eq!((lease.video, lease.tries, lease.attempt), (video, tries, claim.attempt));

            let status = store.end_lost_attempt(lease).await.unwrap().unwrap();
            assert_eq!(store.end_lost_attempt(lease).await.unwrap(), None, "it has ended");
            assert!(!store.publish(&claim, published()).await.unwrap());
            let now = store.video(video).await.unwrap().unwrap();
            assert_eq!(now.status, status);
            if tries < 3 {
                assert_eq!(status, VideoStatus::Pending);
                assert_eq!(store.outbox_backlog().await.unwrap().0, u64::from(tries));
            } else {
                assert_eq!(status, VideoStatus::Failed);
                assert_eq!(now.failure.unwrap().code, FailureCode::WorkerLost);
            }
        }
    }

    async fn a_worker_that_reports_in_time_keeps_its_attempt(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        store.clock.advance(LEASE + SECOND);
        let [lease] = &store.expired_leases(store.clock.now(), 10).await.unwrap()[..] else {
            panic!()
        };
        assert!(store.heartbeat(&claim, LEASE).await.unwrap());
        assert_eq!(store.end_lost_attempt(lease).await.unwrap(), None);
        assert!(store.publish(&claim, published()).await.unwrap());
    }

    async fn a_video_whose_message_is_gone_gets_another(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let unsent = store.a_pending_video(&ana).await.id;
        let horizon = store.clock.now() + Duration::from_mins(10);
        assert_eq!(store.waiting_videos(horizon, 10).await.unwrap(), [], "its entry is there");
        assert!(!store.send_again(unsent).await.unwrap());

        send_all(&store).await;
        let sent_at = store.clock.now();
        assert_eq!(store.waiting_videos(sent_at, 10).await.unwrap(), [], "sent just now");
        let [waiting] = &store.waiting_videos(horizon, 10).await.unwrap()[..] else { panic!() };
        assert_eq!((waiting.video, waiting.queued_at, waiting.tries), (unsent, sent_at, 0));
        assert!(store.send_again(unsent).await.unwrap());
        assert!(!store.send_again(unsent).await.unwrap(), "one entry is enough");
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1);

        store.claimed(unsent).await;
        assert!(!store.send_again(unsent).await.unwrap());
    }

    async fn a_released_message_counts_as_sent_anew(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = a_sent_video(&store, &ana).await;
        store.clock.advance(Duration::from_mins(5));
        let claim = store.claimed(video).await;
        store.requeue(&claim, &trouble(), vec![], HandBack::SameMessage).await.unwrap();
        assert_eq!(store.waiting_videos(store.clock.now(), 10).await.unwrap(), []);
        let [waiting] = &store.waiting_videos(store.clock.now() + SECOND, 10).await.unwrap()[..]
        else { panic!() };
        assert_eq!((waiting.queued_at, waiting.tries), (store.clock.now(), 1));
    }

    async fn a_pending_video_fails_when_its_message_is_dead(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await.id;
        assert!(store.fail_pending(video, &trouble()).await.unwrap());
        assert!(!store.fail_pending(video, &trouble()).await.unwrap());
        let failed = store.video(video).await.unwrap().unwrap();
        assert_eq!((failed.status, failed.failure), (VideoStatus::Failed, Some(trouble())));
        assert_eq!(store.outbox_backlog().await.unwrap().0, 0);

        let running = store.a_claimed_video(&ana).await;
        assert!(!store.fail_pending(running.video.id, &trouble()).await.unwrap());
        assert!(store.publish(&running, published()).await.unwrap());
    }

    async fn objects_of_unpublished_attempts_are_purged(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await.id;
        let first = store.claimed(video).await;
        assert_eq!(store.unpurged_attempts(10).await.unwrap(), [], "it is at work");
        store.requeue(&first, &trouble(), vec![], HandBack::SameMessage).await.unwrap();
        let second = store.claimed(video).await;
        assert!(store.publish(&second, published()).await.unwrap());

        let stray = (first.attempt_id, video, AttemptNo(1));
        assert_eq!(store.unpurged_attempts(10).await.unwrap(), [stray]);
        store.attempt_purged(first.attempt_id).await.unwrap();
        assert_eq!(store.unpurged_attempts(10).await.unwrap(), []);
    }

    async fn rows_tell_which_objects_belong(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let upload = store.an_upload(&ana).await;
        let pending = store.a_pending_video(&ana).await.id;
        let done = store.a_completed_video(&ana).await.id;
        let gone = store.a_pending_video(&ana).await.id;
        store.delete_video(gone, ana.id).await.unwrap();
        let unknown = anb_domain::VideoId(anb_domain::IdSource::sortable(&*store.ids));

        let mut known = store.known_videos(&[upload, pending, done, gone, unknown]).await.unwrap();
        known.sort_by_key(|known| known.video);
        let known: Vec<_> = known.iter().map(|k| (k.video, k.status, k.attempt.0)).collect();
        assert_eq!(known, [
            (upload, VideoStatus::Uploading, 0),
            (pending, VideoStatus::Pending, 0),
            (done, VideoStatus::Completed, 1),
            (gone, VideoStatus::Deleted, 0),
        ]);
        assert_eq!(store.known_videos(&[]).await.unwrap(), []);

        let mut walked = Vec::new();
        while let [next] = &store.videos_with_objects(walked.last().copied(), 1).await.unwrap()[..] {
            walked.push(next.video);
        }
        assert_eq!(walked, [pending, done]);
    }

    async fn a_published_video_without_its_objects_is_made_again(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let video = store.a_completed_video(&ana).await.id;
        store.vote(&luis, video).await;
        send_all(&store).await;
        assert!(store.restore_video(video).await.unwrap());
        assert!(!store.restore_video(video).await.unwrap());
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1);
        let restored = store.video(video).await.unwrap().unwrap();
        assert_eq!((restored.status, restored.tries), (VideoStatus::Pending, 0));

        let claim = store.claimed(video).await;
        assert_eq!((claim.attempt, claim.tries), (AttemptNo(2), 1));
        assert!(store.publish(&claim, published()).await.unwrap());
        let done = store.video(video).await.unwrap().unwrap();
        assert_eq!((done.status, done.votes), (VideoStatus::Completed, 1), "votes are kept");
        let duplicate = store.claim(video, "w9", "r9", LEASE).await.unwrap();
        assert!(matches!(duplicate, ClaimOutcome::Finished));
    }
}
