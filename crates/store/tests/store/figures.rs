//! What the overview counts, of videos made at known times.

mod plans;
mod samples;
mod workers;

use std::time::Duration;

use anb_domain::{Failure, FailureCode};
use anb_store::{
    FailureCount, Flow, HandBack, PublishedResult, Spent, Store, Video, Waits, Window,
};
use anb_testkit::{TestStore, on_each_database, published};
use chrono::{DateTime, Utc};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// Noon, when the clock of every test begins.
fn noon() -> DateTime<Utc> {
    "2026-05-01T12:00:00Z".parse().unwrap()
}

/// So many minutes from noon on.
fn minutes(length: u32) -> Window {
    Window { from: noon(), to: noon() + length * MINUTE, step: MINUTE }
}

fn spent(task_ms: u64) -> Spent {
    Spent { steps: Vec::new(), task_ms: Some(task_ms), ..Spent::default() }
}

/// A video of Ana's that is published after `wait`, having cost `task_ms`.
async fn publishes(store: &TestStore, video: &Video, wait: Duration, task_ms: Option<u64>) {
    let claim = store.claimed(video.id).await;
    store.clock.advance(wait);
    let result = PublishedResult { task_ms, ..published() };
    assert!(store.publish(&claim, result).await.unwrap());
}

fn ms(waits: &Waits, percent: u64) -> Option<u128> {
    waits.percentile(percent).map(|wait| wait.as_millis())
}

on_each_database! {
    async fn what_comes_and_goes_is_counted_where_it_happened(store: TestStore) {
        let ana = store.a_player("Ana").await;
        // 12:00: three arrive, one is published after 20 s.
        let videos = [
            store.a_pending_video(&ana).await,
            store.a_pending_video(&ana).await,
            store.a_pending_video(&ana).await,
        ];
        publishes(&store, &videos[0], 20 * SECOND, Some(5_000)).await;
        // 12:01: one is rejected; another one's try goes wrong.
        store.clock.set(noon() + MINUTE);
        let claim = store.claimed(videos[1].id).await;
        let too_short = Failure::measured(FailureCode::TooShort, 20.0, 3.5);
        assert!(store.reject(&claim, &too_short, spent(250)).await.unwrap());
        let claim = store.claimed(videos[2].id).await;
        let trouble = Failure::new(FailureCode::ProcessingFailed);
        let again = HandBack::SameMessage;
        assert!(store.requeue(&claim, &trouble, spent(1_000), again).await.unwrap());
        // 12:03: it is given to a worker that stops and hands it back, and then
        // to one that publishes it and does not tell its share: all of it.
        store.clock.set(noon() + 3 * MINUTE);
        let claim = store.claimed(videos[2].id).await;
        assert!(store.hand_back(&claim, again).await.unwrap());
        publishes(&store, &videos[2], 7 * SECOND, None).await;

        let flow = store.flow(&minutes(5)).await.unwrap();

        let task_time = Duration::from_millis;
        assert_eq!(
            flow,
            [
                Flow { arrived: 3, published: 1, task_time: task_time(5_000), ..Flow::default() },
                Flow { rejected: 1, failed: 1, task_time: task_time(1_250), ..Flow::default() },
                Flow::default(),
                Flow { published: 1, task_time: task_time(7_000), ..Flow::default() },
                Flow::default(),
            ]
        );
        let earlier = Window { from: noon() - MINUTE, to: noon(), step: MINUTE };
        assert_eq!(store.flow(&earlier).await.unwrap(), [Flow::default()]);
    }

    async fn a_window_ends_before_its_end(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.clock.set(noon() + Duration::from_micros(59_999_999));
        store.a_completed_video(&ana).await;
        store.clock.set(noon() + MINUTE);
        store.a_completed_video(&ana).await;

        let published = async |window: &Window| {
            let flow = store.flow(window).await.unwrap();
            let waits = store.waits(window).await.unwrap();
            assert_eq!(flow.len(), waits.len());
            flow.iter()
                .zip(&waits)
                .map(|(flow, waits)| (flow.arrived, flow.published, waits.videos()))
                .collect::<Vec<_>>()
        };

        assert_eq!(published(&minutes(1)).await, [(1, 1, 1)]);
        assert_eq!(published(&minutes(2)).await, [(1, 1, 1), (1, 1, 1)]);
        let half = Window { to: noon() + 61 * SECOND, ..minutes(2) };
        assert_eq!(published(&half).await, [(1, 1, 1), (1, 1, 1)], "the last step may be shorter");
        let of_an_hour = Window { step: 60 * MINUTE, ..minutes(60) };
        assert_eq!(published(&of_an_hour).await, [(2, 2, 2)]);
    }

    async fn waits_are_from_the_upload_to_the_first_publication(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let mut first = None;
        for wait_ms in [4_000, 10_040, 2_500, 60_000] {
            store.clock.set(noon());
            let video = store.a_pending_video(&ana).await;
            publishes(&store, &video, Duration::from_millis(wait_ms), None).await;
            first.get_or_insert(video);
        }
        // Made anew ten minutes later: nobody has waited for that.
        store.clock.set(noon() + 10 * MINUTE);
        let first = first.unwrap();
        assert!(store.restore_video(first.id).await.unwrap());
        publishes(&store, &first, SECOND, None).await;

        let waits = store.waits(&minutes(12)).await.unwrap();

        assert_eq!([50, 95].map(|p| ms(&waits[0], p)), [Some(4_000), Some(10_000)]);
        assert_eq!([50, 95].map(|p| ms(&waits[1], p)), [Some(60_000), Some(60_000)]);
        let all = Waits::together(&waits);
        assert_eq!((all.videos(), ms(&all, 50), ms(&all, 95)), (4, Some(4_000), Some(60_000)));
        let flow = store.flow(&minutes(12)).await.unwrap();
        assert_eq!(flow.iter().map(|step| step.published).sum::<u64>(), 5, "it was work, though");
    }

    async fn reasons_are_counted_the_most_frequent_first(store: TestStore) {
        let ana = store.a_player("Ana").await;
        // Failed three times, long ago; it still is.
        let video = store.a_pending_video(&ana).await;
        let trouble = Failure::new(FailureCode::TimedOut);
        for _ in 0..2 {
            let claim = store.claimed(video.id).await;
            store.requeue(&claim, &trouble, spent(1), HandBack::SameMessage).await.unwrap();
        }
        let claim = store.claimed(video.id).await;
        assert!(store.fail(&claim, &trouble, spent(1)).await.unwrap());
        // Within the window: two rejected, one lost, one deleted while it ran.
        store.clock.advance(MINUTE);
        for _ in 0..2 {
            let claim = store.a_claimed_video(&ana).await;
            let too_short = Failure::measured(FailureCode::TooShort, 20.0, 3.5);
            store.reject(&claim, &too_short, spent(1)).await.unwrap();
        }
        let deleted = store.a_claimed_video(&ana).await;
        store.delete_video(deleted.video.id, ana.id).await.unwrap();
        let lost = store.a_claimed_video(&ana).await;
        store.clock.advance(3 * MINUTE);
        store.claimed(lost.video.id).await;

        let window = Window { from: noon() + MINUTE, ..minutes(10) };
        let count = |code, failed_videos, tries, rejected| FailureCount {
            code,
            failed_videos,
            tries,
            rejected,
        };
        assert_eq!(
            store.failures(&window).await.unwrap(),
            [
                count(FailureCode::TooShort, 0, 0, 2),
                count(FailureCode::TimedOut, 1, 0, 0),
                count(FailureCode::WorkerLost, 0, 1, 0),
            ]
        );
        let failed: u64 = store.flow(&window).await.unwrap().iter().map(|step| step.failed).sum();
        assert_eq!(failed, 1, "what was deleted has not failed");
        assert_eq!(store.failures(&minutes(1)).await.unwrap()[0], count(FailureCode::TimedOut, 1, 3, 0));
    }
}

/// For statements that are written by hand.
async fn run(store: &Store, sql: &str) {
    use sea_orm::ConnectionTrait as _;
    store.db().writer().execute_unprepared(sql).await.unwrap();
}
