//! Published videos that are made again.

use std::time::Duration;

use anb_domain::{
    AttemptNo, Failure, FailureCode, Happening, JobState, RunScope, RunState, VideoId, VideoStatus,
};
use anb_store::{
    Actor, Claim, ClaimOutcome, HandBack, Outcome, PublicFilter, PublishedResult, RankingFilter,
    ReprocessError, Video,
};
use anb_testkit::{TestStore, on_each_database, published};

const LEASE: Duration = Duration::from_mins(2);

fn trouble() -> Failure {
    Failure::new(FailureCode::ProcessingFailed)
}

fn result(recipe: &str) -> PublishedResult {
    PublishedResult { recipe: Some(recipe.into()), ..published() }
}

/// A published video whose message to be made again is in the queue.
async fn queued_again(store: &TestStore) -> Video {
    let ana = store.a_player("Ana").await;
    let video = store.a_completed_video(&ana).await;
    everything_is_sent(store).await;
    store.reprocess_video(video.id, &Actor::terminal()).await.unwrap();
    assert_eq!(store.pace_reprocessing("w1", 1).await.unwrap(), 1);
    everything_is_sent(store).await;
    video
}

async fn everything_is_sent(store: &TestStore) {
    for entry in store.take_outbox(100, Duration::from_secs(30)).await.unwrap() {
        store.outbox_sent(&entry).await.unwrap();
    }
}

async fn claimed(store: &TestStore, video: VideoId) -> Option<Claim> {
    match store.claim(video, "w1", "receipt", LEASE).await.unwrap() {
        ClaimOutcome::Claimed(claim) => Some(*claim),
        ClaimOutcome::Finished => None,
        other => panic!("{other:?}"),
    }
}

async fn state(store: &TestStore, video: VideoId) -> JobState {
    store.reprocessing_of(video).await.unwrap().unwrap().0
}

async fn public_attempt(store: &TestStore, video: VideoId) -> Option<AttemptNo> {
    store.public_video(video).await.unwrap().map(|video| video.attempt)
}

async fn happenings(store: &TestStore, video: VideoId) -> Vec<Happening> {
    let history = store.history(video).await.unwrap();
    history.into_iter().map(|event| event.kind).collect()
}

on_each_database! {
    async fn a_new_result_takes_the_place_of_the_old_one(store: TestStore) {
        let video = queued_again(&store).await;
        let luis = store.a_player("Luis").await;
        store.vote(&luis, video.id).await;

        let claim = claimed(&store, video.id).await.unwrap();
        assert_eq!((claim.attempt, claim.replaces), (AttemptNo(2), Some(AttemptNo(1))));
        assert_eq!(claim.video.status, VideoStatus::Completed);
        assert_eq!(public_attempt(&store, video.id).await, Some(AttemptNo(1)), "watched meanwhile");
        let known = store.known_videos(&[video.id]).await.unwrap();
        assert_eq!(known[0].others, [AttemptNo(2)], "its objects are no strays");
        store.clock.advance(Duration::from_secs(5));
        assert!(store.publish(&claim, result("new")).await.unwrap());
        assert!(!store.publish(&claim, result("new")).await.unwrap(), "once");

        let after = store.video(video.id).await.unwrap().unwrap();
        assert_eq!((after.status, after.attempt), (VideoStatus::Completed, AttemptNo(2)));
        assert_eq!((after.recipe.as_deref(), after.votes), (Some("new"), 1));
        assert_eq!(after.processed_at, video.processed_at, "the player saw it published then");
        assert_eq!(public_attempt(&store, video.id).await, Some(AttemptNo(2)));
        assert_eq!(state(&store, video.id).await, JobState::Done);
        let attempts = store.attempts(video.id).await.unwrap();
        assert_eq!(attempts[0].replaced_at, Some(anb_domain::Clock::now(&*store.clock)));
        assert!(attempts[1].reprocess && attempts[1].replaced_at.is_none());

        let now = anb_domain::Clock::now(&*store.clock);
        assert!(store.replaced_attempts(now, 10).await.unwrap().is_empty(), "may be watched still");
        assert_eq!(store.known_videos(&[video.id]).await.unwrap()[0].others, [AttemptNo(1)]);
        store.clock.advance(Duration::from_secs(1));
        let old = store.replaced_attempts(anb_domain::Clock::now(&*store.clock), 10).await.unwrap();
        assert_eq!(old.iter().map(|old| old.2).collect::<Vec<_>>(), [AttemptNo(1)]);
        store.attempt_purged(old[0].0).await.unwrap();
        assert!(store.known_videos(&[video.id]).await.unwrap()[0].others.is_empty());
        assert_eq!(
            happenings(&store, video.id).await,
            [
                Happening::Uploaded,
                Happening::Claimed,
                Happening::Published,
                Happening::ReprocessWanted,
                Happening::Sent,
                Happening::Claimed,
                Happening::Reprocessed,
            ]
        );
    }

    async fn when_it_cannot_be_made_again_the_old_result_stays(store: TestStore) {
        let video = queued_again(&store).await;
        for _ in 0..2 {
            let claim = claimed(&store, video.id).await.unwrap();
            assert!(store.requeue(&claim, &trouble(), vec![], HandBack::SameMessage).await.unwrap());
            assert_eq!(state(&store, video.id).await, JobState::Queued);
        }
        let claim = claimed(&store, video.id).await.unwrap();
        assert_eq!(claim.tries, 3);
        assert!(store.fail(&claim, &trouble(), vec![]).await.unwrap());

        let after = store.video(video.id).await.unwrap().unwrap();
        assert_eq!((after.status, after.attempt), (VideoStatus::Completed, AttemptNo(1)));
        assert_eq!(after.failure, None);
        let (state, failure) = store.reprocessing_of(video.id).await.unwrap().unwrap();
        assert_eq!((state, failure), (JobState::Kept, Some(trouble())));
        assert!(claimed(&store, video.id).await.is_none(), "its message finds nothing to do");
        assert_eq!(store.unpurged_attempts(10).await.unwrap().len(), 3);
    }

    async fn a_clip_that_breaks_a_rule_by_now_stays_published(store: TestStore) {
        let video = queued_again(&store).await;
        let claim = claimed(&store, video.id).await.unwrap();
        let failure = Failure::new(FailureCode::TooShort);
        assert!(store.reject(&claim, &failure, vec![]).await.unwrap());
        assert_eq!(state(&store, video.id).await, JobState::Kept);
        assert_eq!(public_attempt(&store, video.id).await, Some(AttemptNo(1)));
    }

    async fn a_hand_back_is_no_try_and_no_number_is_used_twice(store: TestStore) {
        let video = queued_again(&store).await;
        let claim = claimed(&store, video.id).await.unwrap();
        assert!(store.hand_back(&claim, HandBack::SameMessage).await.unwrap());
        assert!(!store.hand_back(&claim, HandBack::SameMessage).await.unwrap());
        let again = claimed(&store, video.id).await.unwrap();
        assert_eq!((again.attempt, again.tries), (AttemptNo(3), 1));
        assert!(store.hand_back(&again, HandBack::NewMessage).await.unwrap());
        assert_eq!(state(&store, video.id).await, JobState::Wanted, "the pacer sends another one");
    }

    async fn fresh_uploads_come_first(store: TestStore) {
        let video = queued_again(&store).await;
        let luis = store.a_player("Luis").await;
        let fresh = store.a_pending_video(&luis).await;

        assert!(claimed(&store, video.id).await.is_none(), "it steps back, though it was in line");
        assert_eq!(state(&store, video.id).await, JobState::Wanted);
        assert_eq!(store.pace_reprocessing("w1", 5).await.unwrap(), 0, "an upload waits");

        store.claimed(fresh.id).await;
        assert_eq!(store.pace_reprocessing("w1", 5).await.unwrap(), 1);
    }

    async fn each_worker_lets_in_a_few_at_once(store: TestStore) {
        let ana = store.a_player("Ana").await;
        for _ in 0..5 {
            store.a_completed_video(&ana).await;
        }
        store.reprocess_all(RunScope::All, &Actor::terminal()).await.unwrap();
        assert_eq!(store.pace_reprocessing("w1", 2).await.unwrap(), 2);
        assert_eq!(store.pace_reprocessing("w1", 2).await.unwrap(), 0);
        assert_eq!(store.pace_reprocessing("w2", 2).await.unwrap(), 2);
        let figures = store.runs(1).await.unwrap()[0].figures;
        assert_eq!((figures.wanted, figures.under_way, figures.total()), (1, 4, 5));
    }

    async fn a_vanished_worker_leaves_the_old_result(store: TestStore) {
        let video = queued_again(&store).await;
        for tries in 1..=3 {
            if tries > 1 {
                assert_eq!(store.pace_reprocessing("w1", 1).await.unwrap(), 1);
            }
            claimed(&store, video.id).await.unwrap();
            store.clock.advance(LEASE + Duration::from_secs(1));
            let lease = store.expired_leases(anb_domain::Clock::now(&*store.clock), 10).await.unwrap().remove(0);
            let end = store.end_lost_attempt(&lease).await.unwrap();
            assert_eq!(end, Some(VideoStatus::Completed));
        }
        assert_eq!(state(&store, video.id).await, JobState::Kept);
        assert_eq!(public_attempt(&store, video.id).await, Some(AttemptNo(1)));
        let outcomes = store.attempts(video.id).await.unwrap();
        assert!(outcomes[1..].iter().all(|attempt| attempt.outcome == Some(Outcome::Lost)));
    }

    async fn a_worker_takes_over_from_one_that_vanished(store: TestStore) {
        let video = queued_again(&store).await;
        let late = claimed(&store, video.id).await.unwrap();
        let busy = store.claim(video.id, "w2", "r2", LEASE).await.unwrap();
        assert!(matches!(busy, ClaimOutcome::Busy { .. }));
        store.clock.advance(LEASE);
        let second = claimed(&store, video.id).await.unwrap();
        assert!(!store.publish(&late, result("late")).await.unwrap());
        assert!(store.publish(&second, result("new")).await.unwrap());
        let recipe = store.video(video.id).await.unwrap().unwrap().recipe;
        assert_eq!(recipe.as_deref(), Some("new"));
    }

    async fn a_lost_message_is_noticed(store: TestStore) {
        let video = queued_again(&store).await;
        store.clock.advance(Duration::from_secs(61));
        let waiting = store.waiting_reprocessing(anb_domain::Clock::now(&*store.clock), 10).await.unwrap();
        assert_eq!(waiting.iter().map(|job| job.video).collect::<Vec<_>>(), [video.id]);
        assert!(store.reprocessing_message_lost(video.id).await.unwrap());
        assert!(!store.reprocessing_message_lost(video.id).await.unwrap());
        assert_eq!(store.pace_reprocessing("w1", 1).await.unwrap(), 1);
        assert!(store.waiting_reprocessing(anb_domain::Clock::now(&*store.clock), 10).await.unwrap().is_empty());
    }

    async fn only_what_is_published_and_not_under_way_is_made_again(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let by = Actor::terminal();
        let pending = store.a_pending_video(&ana).await;
        let refusal = store.reprocess_video(pending.id, &by).await.unwrap_err();
        assert!(matches!(refusal, ReprocessError::NotPublished(VideoStatus::Pending)));
        let nothing = store.reprocess_all(RunScope::All, &by).await.unwrap_err();
        assert!(matches!(nothing, ReprocessError::NothingToDo));

        let video = store.a_completed_video(&ana).await;
        store.reprocess_video(video.id, &by).await.unwrap();
        let twice = store.reprocess_video(video.id, &by).await.unwrap_err();
        assert!(matches!(twice, ReprocessError::UnderWay));
        assert!(store.runs(10).await.unwrap().is_empty(), "a single video is no run to be shown");
        assert_eq!(store.reprocessing_open().await.unwrap(), 1);
    }

    async fn only_results_of_an_older_recipe(store: TestStore) {
        let (ana, by) = (store.a_player("Ana").await, Actor::terminal());
        let no_recipe = store.reprocess_all(RunScope::Older, &by).await.unwrap_err();
        assert!(matches!(no_recipe, ReprocessError::NoRecipe));
        let old = store.a_completed_video(&ana).await;
        let claim = store.a_claimed_video(&ana).await;
        store.publish(&claim, result("one")).await.unwrap();
        store.announce_recipe("zero").await.unwrap();
        store.clock.advance(Duration::from_secs(1));
        store.announce_recipe("one").await.unwrap();

        let count = store.recipe_count().await.unwrap();
        assert_eq!((count.current.as_deref(), count.published, count.older), (Some("one"), 2, 1));
        let run = store.reprocess_all(RunScope::Older, &by).await.unwrap();
        assert_eq!((run.figures.wanted, run.scope), (1, RunScope::Older));
        assert_eq!(state(&store, old.id).await, JobState::Wanted);

        store.clock.advance(Duration::from_secs(1));
        store.announce_recipe("zero").await.unwrap();
        let back = store.recipe_count().await.unwrap();
        assert_eq!((back.current.as_deref(), back.older), (Some("zero"), 2));
    }

    async fn a_run_is_paused_and_stopped(store: TestStore) {
        let (ana, by) = (store.a_player("Ana").await, Actor::terminal());
        for _ in 0..3 {
            store.a_completed_video(&ana).await;
        }
        everything_is_sent(&store).await;
        let run = store.reprocess_all(RunScope::All, &by).await.unwrap().id;
        assert!(store.change_run(run, RunState::Paused, &by).await.unwrap());
        assert_eq!(store.pace_reprocessing("w1", 1).await.unwrap(), 0);
        assert!(store.change_run(run, RunState::Going, &by).await.unwrap());
        assert_eq!(store.pace_reprocessing("w1", 2).await.unwrap(), 2);
        let sent = store.take_outbox(10, Duration::from_secs(30)).await.unwrap();
        let again = sent.iter().map(|entry| entry.video_id).collect::<Vec<_>>();
        let busy = claimed(&store, again[0]).await;

        assert!(store.change_run(run, RunState::Stopped, &by).await.unwrap());
        assert!(!store.change_run(run, RunState::Going, &by).await.unwrap(), "for good");
        assert!(claimed(&store, again[1]).await.is_none(), "what had not begun never will");
        if let Some(claim) = busy {
            assert!(store.publish(&claim, result("new")).await.unwrap(), "what had begun ends");
            let figures = store.run(run).await.unwrap().unwrap().figures;
            assert_eq!((figures.done, figures.dropped, figures.open()), (1, 2, 0));
        } else {
            panic!("the first of them had begun");
        }
    }

    async fn what_is_deleted_or_restored_is_not_made_again(store: TestStore) {
        let video = queued_again(&store).await;
        let claim = claimed(&store, video.id).await.unwrap();
        assert!(store.restore_video(video.id).await.unwrap());
        assert_eq!(state(&store, video.id).await, JobState::Dropped);
        assert!(!store.publish(&claim, result("late")).await.unwrap());
        let restored = store.claimed(video.id).await;
        assert_eq!((restored.attempt, restored.replaces), (AttemptNo(3), None));
        assert!(store.publish(&restored, published()).await.unwrap());

        store.reprocess_video(video.id, &Actor::terminal()).await.unwrap();
        store.delete_video(video.id, video.owner).await.unwrap();
        assert_eq!(state(&store, video.id).await, JobState::Dropped);
        assert_eq!(store.pace_reprocessing("w1", 1).await.unwrap(), 0);
    }

    async fn the_showcase_does_not_notice(store: TestStore) {
        let video = queued_again(&store).await;
        let luis = store.a_player("Luis").await;
        store.vote(&luis, video.id).await;
        let filter = PublicFilter { limit: 10, ..PublicFilter::default() };
        let before = (
            store.public_videos(&filter).await.unwrap(),
            store.rankings(&RankingFilter::default(), 1, 10).await.unwrap(),
        );
        let claim = claimed(&store, video.id).await.unwrap();
        let during = (
            store.public_videos(&filter).await.unwrap(),
            store.rankings(&RankingFilter::default(), 1, 10).await.unwrap(),
        );
        assert_eq!(before, during);
        store.fail(&claim, &trouble(), vec![]).await.unwrap();
        let after = store.public_videos(&filter).await.unwrap();
        assert_eq!(before.0, after);
    }
}
