use anb_domain::{Action, Subject};
use anb_store::{Actor, AuditFilter, Deed, Player, SaveContestError, Store};
use anb_testkit::{TestStore, on_each_database};
use serde_json::json;

fn by(player: &Player) -> Actor {
    Actor { id: Some(player.id), name: "Ana Ruiz".into(), ..Actor::terminal() }
}

async fn save(store: &Store, actor: &Actor, base: u64, cut: u64) -> Result<u64, SaveContestError> {
    let deed = Deed::new(Action::CONTEST_CHANGED, Subject::only("contest"));
    store.save_contest(actor, base, &json!({ "cut": cut }), deed).await
}

on_each_database! {
    async fn the_latest_version_is_in_force_and_the_older_ones_stay(store: TestStore) {
        let ana = by(&store.a_player("Ana").await);
        assert_eq!(store.contest_number().await.unwrap(), 0);
        assert_eq!(save(&store, &ana, 0, 3).await.unwrap(), 1);
        assert_eq!(save(&store, &Actor::terminal(), 1, 4).await.unwrap(), 2);
        assert_eq!(store.contest_number().await.unwrap(), 2);
        let versions = store.contest_versions(10).await.unwrap();
        let told: Vec<_> = versions
            .iter()
            .map(|version| (version.number, &version.document["cut"], version.saved_by))
            .collect();
        assert_eq!(told, [(2, &json!(4), None), (1, &json!(3), ana.id)]);
        assert_eq!(store.contest_version(1).await.unwrap().as_ref(), Some(&versions[1]));
        assert_eq!(store.contest_version(3).await.unwrap(), None);
        let audit = store.audit(&AuditFilter::default(), 10).await.unwrap();
        assert_eq!(audit.len(), 2);
    }

    async fn of_two_who_save_at_once_one_is_told(store: TestStore) {
        let other = store.of_another_process().await;
        let (ana, luis) = (by(&store.a_player("Ana").await), by(&store.a_player("Luis").await));
        let (one, two) = tokio::join!(save(&store, &ana, 0, 3), save(&other, &luis, 0, 4));
        let stale = |result: &Result<u64, SaveContestError>| {
            matches!(result, Err(SaveContestError::Stale))
        };
        assert!(stale(&one) != stale(&two), "{one:?} {two:?}");
        assert_eq!(store.contest_versions(10).await.unwrap().len(), 1);
        assert_eq!(store.audit(&AuditFilter::default(), 10).await.unwrap().len(), 1);
        assert!(stale(&save(&store, &ana, 7, 3).await), "a number that nobody was given");
    }

    async fn a_draft_is_its_administrators_own_and_used_up_by_using_it(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        for color in ["red", "blue"] {
            store.keep_brand_draft(ana.id, &json!({ "color": color })).await.unwrap();
        }
        store.keep_brand_draft(luis.id, &json!({ "color": "green" })).await.unwrap();
        assert_eq!(store.brand_draft(ana.id).await.unwrap(), Some(json!({ "color": "blue" })));
        save(&store, &by(&ana), 0, 3).await.unwrap();
        assert!(store.brand_draft(ana.id).await.unwrap().is_some(), "that was something else");
        let deed = Deed::new(Action::BRAND_CHANGED, Subject::only("contest"));
        store.save_contest(&by(&ana), 1, &json!({}), deed).await.unwrap();
        assert_eq!(store.brand_draft(ana.id).await.unwrap(), None);
        store.drop_brand_draft(luis.id).await.unwrap();
        assert_eq!(store.brand_draft(luis.id).await.unwrap(), None);
    }
}
