//! Who works.

use std::time::Duration;

use anb_store::{Worker, WorkersAtWork};
use anb_testkit::{TestStore, on_each_database};
use sea_orm::prelude::Uuid;

use super::noon;

fn worker(number: u128, busy: u32) -> Worker {
    Worker {
        id: Uuid::from_u128(number),
        name: format!("w{number}"),
        host: "box".into(),
        version: "0.1.0".into(),
        slots: 4,
        busy,
        started_at: noon(),
    }
}

on_each_database! {
    async fn those_who_speak_are_counted(store: TestStore) {
        assert_eq!(store.workers().await.unwrap(), []);
        assert_eq!(store.last_sign_of_a_worker().await.unwrap(), None);
        for each in [worker(2, 1), worker(1, 0)] {
            store.worker_lives(&each).await.unwrap();
        }
        store.clock.advance(Duration::from_secs(5));
        store.worker_lives(&worker(1, 3)).await.unwrap();

        let all = store.workers().await.unwrap();
        assert_eq!(all, [worker(1, 3), worker(2, 1)]);
        assert_eq!(WorkersAtWork::of(&all), WorkersAtWork { workers: 2, slots: 8, busy: 4 });

        // One has been killed, the other has ended in good order.
        store.clock.advance(Duration::from_secs(27));
        assert_eq!(store.workers().await.unwrap(), [worker(1, 3)], "quiet for 32 s");
        store.worker_leaves(worker(1, 3).id).await.unwrap();
        assert_eq!(store.workers().await.unwrap(), []);
        assert_eq!(store.last_sign_of_a_worker().await.unwrap(), Some(noon()));
    }

    async fn the_dead_are_forgotten_after_a_day(store: TestStore) {
        store.worker_lives(&worker(1, 0)).await.unwrap();
        store.clock.advance(Duration::from_hours(24));
        store.forget_quiet_workers().await.unwrap();
        assert_eq!(store.last_sign_of_a_worker().await.unwrap(), Some(noon()));
        store.clock.advance(Duration::from_secs(1));
        store.forget_quiet_workers().await.unwrap();
        assert_eq!(store.last_sign_of_a_worker().await.unwrap(), None);
    }
}
