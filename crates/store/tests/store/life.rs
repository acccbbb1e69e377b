use std::time::Duration;

use anb_domain::{AttemptNo, Clock as _, Failure, FailureCode, VideoStatus};
use anb_store::{Actor, ClaimOutcome, HandBack, Outcome, RetryError, StepTiming, Video};
use anb_testkit::{TestStore, on_each_database, original, published};

const LEASE: Duration = Duration::from_mins(2);

fn trouble() -> Failure {
    Failure::new(FailureCode::ProcessingFailed).with_detail("ffmpeg: exit status 1")
}

async fn reread(store: &TestStore, video: &Video) -> Video {
    store.video(video.id).await.unwrap().unwrap()
}

on_each_database! {
    async fn operators_list_videos_by_state(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.an_upload(&ana).await;
        let (first, second) = (store.a_pending_video(&ana).await, store.a_pending_video(&ana).await);
        let failed = store.a_pending_video(&ana).await;
        assert!(store.fail_pending(failed.id, &trouble()).await.unwrap());

        let both = [VideoStatus::Failed, VideoStatus::Pending];
        let page = store.videos(both, 2, 0).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|video| video.id).collect();
        assert_eq!((ids, page.total), (vec![failed.id, second.id], 3), "newest first");
        let rest = store.videos(both, 2, 2).await.unwrap();
        assert_eq!(rest.items[0].id, first.id);
        assert_eq!(store.videos(None, 10, 0).await.unwrap().total, 4);
        assert_eq!(store.videos(Some(VideoStatus::Completed), 10, 0).await.unwrap().total, 0);
    }

    async fn a_clip_is_uploaded_processed_and_published(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let upload = store.an_upload(&ana).await;
        assert_eq!(store.video(upload).await.unwrap().unwrap().status, VideoStatus::Uploading);
        assert_eq!(store.videos_of(ana.id).await.unwrap(), [], "unfinished uploads are not shown");

        let accepted = store.complete_upload(upload, original("Clavada")).await.unwrap().unwrap();
        assert_eq!(accepted.status, VideoStatus::Pending);
        assert_eq!(accepted.title, "Clavada");
        assert_eq!(accepted.size_bytes, Some(3_000_000));
        assert_eq!(accepted.uploaded_at, Some(store.clock.now()));
        assert_eq!(store.outbox_backlog().await.unwrap(), (1, Some(store.clock.now())));
        assert_eq!(reread(&store, &accepted).await, accepted);

        let claim = store.claimed(upload).await;
        assert_eq!((claim.attempt, claim.tries), (AttemptNo(1), 1));
        assert_eq!(claim.video.status, VideoStatus::Processing);
        assert!(store.note_progress(&claim, 40).await.unwrap());
        assert_eq!(reread(&store, &accepted).await.progress, 40);
        assert!(store.heartbeat(&claim, LEASE).await.unwrap());

        store.clock.advance(Duration::from_secs(20));
        let steps = vec![StepTiming {
            step: "transcode".into(),
            duration_ms: 11_300,
            cpu_ms: Some(21_200),
            size_bytes: Some(7_000_000),
        }];
        let result = anb_store::PublishedResult { steps: steps.clone(), ..published() };
        assert!(store.publish(&claim, result).await.unwrap());

        let done = reread(&store, &accepted).await;
        assert_eq!((done.status, done.progress), (VideoStatus::Completed, 100));
        assert_eq!(done.duration_s, Some(34.5));
        assert_eq!(done.processed_at, Some(store.clock.now()));
        let [attempt] = &store.attempts(upload).await.unwrap()[..] else { panic!() };
        assert_eq!(attempt.outcome, Some(Outcome::Published));
        assert_eq!(attempt.steps, steps);
        assert_eq!(attempt.finished_at, Some(store.clock.now()));
        assert_eq!(store.videos_of(ana.id).await.unwrap(), [done]);
        let again = store.claim(upload, "w2", "receipt-2", LEASE).await.unwrap();
        assert!(matches!(again, ClaimOutcome::Finished), "a duplicate message finds nothing to do");
    }

    async fn an_upload_is_completed_once(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let upload = store.an_upload(&ana).await;
        assert!(store.complete_upload(upload, original("Uno")).await.unwrap().is_some());
        assert!(store.complete_upload(upload, original("Dos")).await.unwrap().is_none());
        assert_eq!(store.video(upload).await.unwrap().unwrap().title, "Uno");
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1);

        store.abandon_upload(upload).await.unwrap();
        assert!(store.video(upload).await.unwrap().is_some(), "an accepted clip is not abandoned");
        let cut_off = store.an_upload(&ana).await;
        store.abandon_upload(cut_off).await.unwrap();
        assert_eq!(store.video(cut_off).await.unwrap(), None);
        assert!(store.complete_upload(cut_off, original("Tres")).await.unwrap().is_none());
    }

    async fn of_many_workers_that_want_a_video_one_gets_it(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let other = store.of_another_process().await;
        for _ in 0..5 {
            let video = store.a_pending_video(&ana).await;
            let claims = (0..8).map(|n| {
                let store = if n % 2 == 0 { (*store).clone() } else { other.clone() };
                tokio::spawn(async move {
                    store.claim(video.id, &format!("w{n}"), "receipt", LEASE).await.unwrap()
                })
            });
            let outcomes = futures::future::join_all(claims).await;
            let (won, lost): (Vec<_>, Vec<_>) = outcomes
                .into_iter()
                .map(Result::unwrap)
                .partition(|outcome| matches!(outcome, ClaimOutcome::Claimed(_)));
            assert_eq!(won.len(), 1);
            let until = store.clock.now() + LEASE;
            for outcome in lost {
                assert!(matches!(outcome, ClaimOutcome::Busy { until: u } if u == until));
            }
            assert_eq!(store.attempts(video.id).await.unwrap().len(), 1);
        }
    }

    async fn a_worker_takes_over_when_the_lease_has_run_out(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let late = store.a_claimed_video(&ana).await;
        let video = late.video.id;
        store.clock.advance(Duration::from_secs(119));
        let early = store.claim(video, "w2", "r2", LEASE).await.unwrap();
        assert!(matches!(early, ClaimOutcome::Busy { .. }));

        store.clock.advance(Duration::from_secs(1));
        let ClaimOutcome::Claimed(second) = store.claim(video, "w2", "r2", LEASE).await.unwrap()
        else { panic!("the lease has run out") };
        assert_eq!((second.attempt, second.tries), (AttemptNo(2), 2));
        assert_ne!(second.token, late.token);

        // The first worker wakes up: nothing it does counts any more.
        assert!(!store.heartbeat(&late, LEASE).await.unwrap());
        assert!(!store.note_progress(&late, 99).await.unwrap());
        assert!(!store.publish(&late, published()).await.unwrap());
        assert!(!store.reject(&late, &trouble(), vec![]).await.unwrap());
        assert!(!store.fail(&late, &trouble(), vec![]).await.unwrap());
        assert!(!store.requeue(&late, &trouble(), vec![], HandBack::NewMessage).await.unwrap());
        assert!(!store.hand_back(&late, HandBack::NewMessage).await.unwrap());
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1, "only the upload's own message");

        assert!(store.publish(&second, published()).await.unwrap());
        assert!(!store.publish(&second, published()).await.unwrap(), "published once");
        let outcomes: Vec<_> =
            store.attempts(video).await.unwrap().into_iter().map(|a| a.outcome.unwrap()).collect();
        assert_eq!(outcomes, [Outcome::Lost, Outcome::Published]);
        assert_eq!(store.video(video).await.unwrap().unwrap().attempt, AttemptNo(2));
    }

    async fn a_heartbeat_keeps_the_lease(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        for _ in 0..5 {
            store.clock.advance(Duration::from_mins(1));
            assert!(store.heartbeat(&claim, LEASE).await.unwrap());
        }
        let other = store.claim(claim.video.id, "w2", "r2", LEASE).await.unwrap();
        assert!(matches!(other, ClaimOutcome::Busy { .. }));
        let [attempt] = &store.attempts(claim.video.id).await.unwrap()[..] else { panic!() };
        assert_eq!(attempt.heartbeat_at, store.clock.now());
        assert_eq!(attempt.lease_until, store.clock.now() + LEASE);
    }

    async fn a_token_of_somebody_else_opens_nothing(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        let mut forged = claim.clone();
        forged.token = anb_domain::LeaseToken(claim.attempt_id.0);
        assert!(!store.publish(&forged, published()).await.unwrap());
        assert!(!store.hand_back(&forged, HandBack::SameMessage).await.unwrap());
        assert!(!store.heartbeat(&forged, LEASE).await.unwrap());
        assert!(store.publish(&claim, published()).await.unwrap());
    }

    async fn a_hand_back_is_no_try_and_its_number_is_not_used_again(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await;
        for interruption in 1..=5 {
            let claim = store.claimed(video.id).await;
            assert_eq!((claim.attempt, claim.tries), (AttemptNo(interruption), 1));
            assert!(store.hand_back(&claim, HandBack::SameMessage).await.unwrap());
            assert_eq!(store.attempts(video.id).await.unwrap(), []);
            let waiting = reread(&store, &video).await;
            assert_eq!((waiting.status, waiting.tries), (VideoStatus::Pending, 0));
        }
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1);
        let claim = store.claimed(video.id).await;
        assert!(store.hand_back(&claim, HandBack::NewMessage).await.unwrap());
        assert_eq!(store.outbox_backlog().await.unwrap().0, 2);
    }

    async fn a_clip_that_breaks_a_rule_is_rejected_for_good(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        let broken = Failure::measured(FailureCode::TooLong, 600.0, 725.5)
            .with_detail("what ffprobe prints\0about a broken file");
        assert!(store.reject(&claim, &broken, vec![]).await.unwrap());

        let rejected = reread(&store, &claim.video).await;
        assert_eq!(rejected.status, VideoStatus::Rejected);
        let failure = rejected.failure.unwrap();
        assert_eq!((failure.code, failure.limit, failure.actual),
            (FailureCode::TooLong, Some(600.0), Some(725.5)));
        assert_eq!(failure.detail.unwrap(), "what ffprobe prints\u{fffd}about a broken file");
        let again = store.claim(claim.video.id, "w2", "r2", LEASE).await.unwrap();
        assert!(matches!(again, ClaimOutcome::Finished));
        assert!(matches!(store.retry_video(claim.video.id, &Actor::terminal()).await, Err(RetryError::NotFailed(_))));
    }

    async fn the_third_failure_is_the_last_until_an_operator_gives_three_more(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await;
        for tries in 1..=2 {
            let claim = store.claimed(video.id).await;
            assert_eq!(claim.tries, tries);
            assert!(
                store.requeue(&claim, &trouble(), vec![], HandBack::SameMessage).await.unwrap()
            );
            let waiting = reread(&store, &video).await;
            assert_eq!((waiting.status, waiting.failure), (VideoStatus::Pending, None));
        }
        let last = store.claimed(video.id).await;
        assert_eq!(last.tries, 3);
        assert!(store.fail(&last, &trouble(), vec![]).await.unwrap());
        let failed = reread(&store, &video).await;
        assert_eq!((failed.status, failed.failure), (VideoStatus::Failed, Some(trouble())));

        let retried = store.retry_video(video.id, &Actor::terminal()).await.unwrap();
        assert_eq!((retried.status, retried.tries), (VideoStatus::Pending, 0));
        assert_eq!(retried.failure, None);
        assert_eq!(store.outbox_backlog().await.unwrap().0, 2, "a new message");
        for tries in 1..=3 {
            let claim = store.claimed(video.id).await;
            assert_eq!((claim.tries, claim.attempt), (tries, AttemptNo(3 + tries)));
            store.requeue(&claim, &trouble(), vec![], HandBack::SameMessage).await.unwrap();
        }
        let again = store.retry_video(video.id, &Actor::terminal()).await;
        assert!(matches!(again, Err(RetryError::NotFailed(_))), "it is pending, not failed");
    }

    async fn a_video_whose_three_workers_vanish_fails(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await;
        for _ in 0..3 {
            store.claimed(video.id).await;
            store.clock.advance(LEASE);
        }
        let outcome = store.claim(video.id, "w4", "r4", LEASE).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::Exhausted), "{outcome:?}");
        let failed = reread(&store, &video).await;
        assert_eq!(failed.status, VideoStatus::Failed);
        assert_eq!(failed.failure.unwrap().code, FailureCode::WorkerLost);
        let attempts = store.attempts(video.id).await.unwrap();
        assert_eq!(attempts.len(), 3);
        assert!(attempts.iter().all(|attempt| attempt.outcome == Some(Outcome::Lost)));
    }

    async fn a_restarted_worker_gives_back_what_its_predecessor_held(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let first = store.a_pending_video(&ana).await;
        let second = store.a_pending_video(&ana).await;
        for (video, worker, receipt) in [(&first, "w1", "r1"), (&second, "w2", "r2")] {
            store.claim(video.id, worker, receipt, LEASE).await.unwrap();
        }
        assert_eq!(store.surrender_leases("w1").await.unwrap(), ["r1"]);
        let taken = store.claim(first.id, "w3", "r3", LEASE).await.unwrap();
        assert!(matches!(taken, ClaimOutcome::Claimed(_)), "the lease ended at once");
        let busy = store.claim(second.id, "w3", "r3", LEASE).await.unwrap();
        assert!(matches!(busy, ClaimOutcome::Busy { .. }), "another worker's lease did not");
        assert_eq!(store.surrender_leases("w1").await.unwrap(), Vec::<String>::new());
    }

    async fn a_publication_and_a_take_over_at_once_leave_one_result(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let other = store.of_another_process().await;
        for _ in 0..10 {
            let claim = store.a_claimed_video(&ana).await;
            let video = claim.video.id;
            store.clock.advance(LEASE);
            let (here, there) = ((*store).clone(), other.clone());
            let published = tokio::spawn(async move { here.publish(&claim, published()).await });
            let taken =
                tokio::spawn(async move { there.claim(video, "w2", "r2", LEASE).await });
            let (published, taken) = tokio::join!(published, taken);
            let (published, taken) = (published.unwrap().unwrap(), taken.unwrap().unwrap());
            assert_ne!(published, matches!(taken, ClaimOutcome::Claimed(_)));
            let attempts = store.attempts(video).await.unwrap();
            let results =
                attempts.iter().filter(|a| a.outcome == Some(Outcome::Published)).count();
            assert_eq!(results, usize::from(published));
        }
    }

    async fn operators_see_every_video_newest_first(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let done = store.a_completed_video(&ana).await;
        let waiting = store.a_pending_video(&ana).await;
        store.an_upload(&ana).await;
        let page = store.videos(None, 2, 1).await.unwrap();
        assert_eq!(page.total, 3);
        assert_eq!(page.items, [waiting, done.clone()]);
        let page = store.videos(Some(VideoStatus::Completed), 10, 0).await.unwrap();
        assert_eq!((page.total, page.items), (1, vec![done]));
        let counts = store.count_by_status().await.unwrap();
        assert_eq!(counts.len(), VideoStatus::ALL.len());
        for (status, count) in counts {
            use VideoStatus as S;
            let expected = matches!(status, S::Uploading | S::Pending | S::Completed);
            assert_eq!(count, u64::from(expected), "{status}");
        }
    }
}
