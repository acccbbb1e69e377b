//! What one process changes, the others see.

use std::time::Duration;

use anb_config::{
    Category, ContestDocument, ContestFault, LocalText, Settings,
    contest::{CategoriesPart, PhasesPart, RankingPart},
};
use anb_contest::{ChangeError, Contest, Saved, Since};
use anb_domain::{Action, Clock as _, Subject};
use anb_store::{Actor, AuditFilter, Deed, Store};
use anb_testkit::{TestStore, on_each_database};
use serde_json::json;

fn contest(store: &TestStore, connections: &Store) -> Contest {
    Contest::new(connections.clone(), &Settings::default(), store.clock.clone())
}

fn cut(cut_per_city: u32) -> ContestDocument {
    ContestDocument { ranking: Some(RankingPart { cut_per_city }), ..ContestDocument::default() }
}

on_each_database! {
    async fn another_process_sees_a_change_within_three_seconds(store: TestStore) {
        let (ours, theirs) =
            (contest(&store, &store), contest(&store, &store.of_another_process().await));
        assert_eq!((theirs.fresh().await.number, theirs.fresh().await.cut_per_city), (0, 5));
        ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
        assert_eq!(ours.now().cut_per_city, 2, "who changes it knows at once");
        assert_eq!(theirs.fresh().await.cut_per_city, 5, "asked a moment ago");
        store.clock.advance(Duration::from_secs(3));
        let now = theirs.fresh().await;
        assert_eq!((now.number, now.cut_per_city), (1, 2));
    }

    async fn who_has_seen_something_newer_makes_it_ask_earlier(store: TestStore) {
        let (ours, theirs) = (contest(&store, &store), contest(&store, &store));
        theirs.fresh().await;
        ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
        assert_eq!(theirs.with_brand("another").await.cut_per_city, 5, "not more often than four times a second");
        store.clock.advance(Duration::from_millis(250));
        assert_eq!(theirs.with_brand("another").await.cut_per_city, 2);
    }

    async fn a_clock_that_is_set_back_keeps_nobody_from_asking(store: TestStore) {
        let (ours, theirs) = (contest(&store, &store), contest(&store, &store));
        theirs.fresh().await;
        ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
        store.clock.set("2020-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(theirs.fresh().await.cut_per_city, 2);
    }

    async fn a_version_that_cannot_be_read_leaves_the_last_good_one(store: TestStore) {
        let (ours, theirs) = (contest(&store, &store), contest(&store, &store));
        ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
        assert_eq!(theirs.fresh().await.cut_per_city, 2);
        let deed = Deed::new(Action::CONTEST_CHANGED, Subject::only("contest"));
        let broken = json!({ "ranking": { "cut_per_city": "many" } });
        store.save_contest(&Actor::terminal(), 1, &broken, deed).await.unwrap();
        store.clock.advance(Duration::from_secs(3));
        assert_eq!(theirs.fresh().await.cut_per_city, 2);
    }

    async fn a_change_says_what_was_before_and_after(store: TestStore) {
        let ours = contest(&store, &store);
        ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
        let entry = store.audit(&AuditFilter::default(), 10).await.unwrap().remove(0);
        assert_eq!(entry.action, "contest-changed");
        assert_eq!(entry.before, Some(json!({ "cut_per_city": 5, "version": 0 })));
        assert_eq!(entry.after, Some(json!({ "cut_per_city": 2, "version": 1 })));
    }

    async fn a_category_with_a_video_or_a_panel_stays(store: TestStore) {
        let ours = contest(&store, &store);
        let of = |ids: &[&str]| {
            let name = LocalText { es: Some("Una".into()), en: None };
            let category = |id: &&str| Category { id: (*id).into(), name: name.clone() };
            let categories = Some(CategoriesPart { categories: ids.iter().map(category).collect() });
            ContestDocument { categories, ..ContestDocument::default() }
        };
        ours.change(&Actor::terminal(), 0, of(&["dunk", "three"])).await.unwrap();
        let owner = store.a_player("Ana").await;
        store.a_completed_video_in(&owner, "dunk").await;
        let refused = ours.change(&Actor::terminal(), 1, of(&["three"])).await;
        let Err(ChangeError::Impossible(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults, [ContestFault::CategoryInUse { id: "dunk".into(), videos: 1, panels: 0 }]);
        assert_eq!(ours.change(&Actor::terminal(), 1, of(&["dunk"])).await.unwrap().number, 2);
    }

    async fn what_lies_over_the_settings_is_told_with_since_when(store: TestStore) {
        let ours = contest(&store, &store);
        assert_eq!(ours.saved().await.unwrap(), []);
        let first = store.clock.now();
        for cut_per_city in [5, 2, 2] {
            let number = ours.latest().await.unwrap().number;
            ours.change(&Actor::terminal(), number, cut(cut_per_city)).await.unwrap();
            store.clock.advance(Duration::from_mins(1));
        }
        let saved = ours.saved().await.unwrap();
        let since = Since {
            number: 2,
            saved_at: first + Duration::from_mins(1),
            saved_by_name: Actor::terminal().name,
        };
        let (key, files, in_force) = ("showcase.cut_per_city".into(), json!(5), json!(2));
        assert_eq!(saved, [Saved { key, files, in_force, since }]);
    }

    async fn an_impossible_contest_is_refused_and_so_is_a_late_one(store: TestStore) {
        let ours = contest(&store, &store);
        let phases = PhasesPart {
            results_published_at: "2026-06-01T00:00:00Z".parse().ok(),
            ..PhasesPart::default()
        };
        let document = ContestDocument { phases: Some(phases), ..ContestDocument::default() };
        let refused = ours.change(&Actor::terminal(), 0, document).await;
        let Err(ChangeError::Impossible(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults, [ContestFault::ResultsBeforeVotingCloses]);
        ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
        let late = ours.change(&Actor::terminal(), 0, cut(3)).await;
        assert!(matches!(late, Err(ChangeError::Stale)), "{late:?}");
        assert_eq!(store.contest_versions(10).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_good_one_stays_while_the_database_is_out() {
    let server = anb_testkit::PostgresServer::start();
    let store = TestStore::on(&server).await;
    let ours = contest(&store, &store);
    ours.change(&Actor::terminal(), 0, cut(2)).await.unwrap();
    let theirs = contest(&store, &store.of_another_process().await);
    assert_eq!(theirs.fresh().await.cut_per_city, 2);
    server.stop();
    store.clock.advance(Duration::from_secs(30));
    assert_eq!(theirs.fresh().await.cut_per_city, 2);
}
