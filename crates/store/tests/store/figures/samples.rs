//! One sample a minute, whoever takes it.

use std::time::Duration;

use anb_store::{Sample, Window};
use anb_testkit::{TestStore, on_each_database};
use futures::future::join_all;

use super::{MINUTE, SECOND, minutes, noon};

fn sample(visible: u64, busy: u64) -> Sample {
    Sample {
        visible: Some(visible),
        in_flight: Some(2),
        delayed: Some(0),
        dead: Some(1),
        oldest_s: Some(30),
        unsent: 0,
        workers: 1,
        slots: 4,
        busy,
    }
}

on_each_database! {
    async fn the_first_of_a_minute_is_kept(store: TestStore) {
        store.clock.set(noon() + 59 * SECOND);
        assert!(!store.is_sampled().await.unwrap());
        assert!(store.note_sample(&sample(7, 1)).await.unwrap());
        assert!(store.is_sampled().await.unwrap());
        assert!(!store.note_sample(&sample(8, 1)).await.unwrap(), "this minute has one");
        store.clock.advance(SECOND);
        assert!(!store.is_sampled().await.unwrap());
        assert!(store.note_sample(&sample(9, 1)).await.unwrap());

        let samples = store.samples(&minutes(3)).await.unwrap();
        assert_eq!(samples, [Some(sample(7, 1)), Some(sample(9, 1)), None]);
    }

    async fn many_processes_do_not_double(store: TestStore) {
        let others = join_all((0..4).map(|_| store.of_another_process())).await;
        let sample = sample(1, 1);
        let noted = join_all(others.iter().map(|other| other.note_sample(&sample))).await;
        let kept = noted.into_iter().filter(|noted| *noted.as_ref().unwrap()).count();
        assert_eq!(kept, 1);
    }

    async fn a_longer_step_shows_its_highest_figures(store: TestStore) {
        let out = Sample { visible: None, in_flight: None, delayed: None, dead: None, oldest_s: None, ..sample(0, 0) };
        for (at, sample) in [(0, sample(7, 1)), (1, sample(3, 4)), (2, out), (15, out)] {
            store.clock.set(noon() + at * MINUTE);
            store.note_sample(&sample).await.unwrap();
        }
        let window = Window { step: 15 * MINUTE, ..minutes(45) };
        let samples = store.samples(&window).await.unwrap();
        assert_eq!(samples, [Some(sample(7, 4)), Some(out), None], "a queue that was out has none");
    }

    async fn the_last_one_before_a_moment_stands_for_it(store: TestStore) {
        store.note_sample(&sample(7, 1)).await.unwrap();
        let at = async |after: Duration| store.sample_at(noon() + after).await.unwrap();
        assert_eq!(at(Duration::ZERO).await, Some(sample(7, 1)));
        assert_eq!(at(9 * MINUTE).await, Some(sample(7, 1)));
        assert_eq!(at(10 * MINUTE).await, None, "too long ago");
        assert_eq!(store.sample_at(noon() - SECOND).await.unwrap(), None);
    }

    async fn what_nobody_looks_at_any_more_is_forgotten(store: TestStore) {
        store.note_sample(&sample(7, 1)).await.unwrap();
        let of_a_day = async |day: u32| {
            let from = noon() + day * 24 * 60 * MINUTE;
            let window = Window { from, to: from + MINUTE, step: MINUTE };
            store.samples(&window).await.unwrap()[0].is_some()
        };
        store.clock.advance(Duration::from_hours(8 * 24));
        store.note_sample(&sample(8, 1)).await.unwrap();
        assert_eq!((of_a_day(0).await, of_a_day(8).await), (true, true));
        store.clock.advance(MINUTE);
        store.note_sample(&sample(9, 1)).await.unwrap();
        assert_eq!((of_a_day(0).await, of_a_day(8).await), (false, true));
    }
}
