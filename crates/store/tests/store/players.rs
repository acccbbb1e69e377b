use anb_domain::{Email, Role};
use anb_store::{CreatePlayerError, NewPlayer};
use anb_testkit::{TestStore, on_each_database};

fn somebody(email: &str) -> NewPlayer {
    NewPlayer {
        first_name: "Ana".parse().unwrap(),
        last_name: "Muñoz".parse().unwrap(),
        email: email.parse().unwrap(),
        password_hash: "hash".into(),
        city: "Bogotá".parse().unwrap(),
        country: "Colombia".parse().unwrap(),
        from: anb_domain::vote_review::Footprint::default(),
    }
}

on_each_database! {
    async fn an_address_registers_once_in_whatever_case(store: TestStore) {
        let ana = store.create_player(somebody("Ana@Example.com")).await.unwrap();
        let again = store.create_player(somebody("ANA@example.COM")).await;
        assert!(matches!(again, Err(CreatePlayerError::EmailTaken)), "{again:?}");

        let login: Email = "ana@EXAMPLE.com".parse().unwrap();
        assert_eq!(store.player_by_email(&login).await.unwrap(), Some(ana.clone()));
        assert_eq!(store.player(ana.id).await.unwrap(), Some(ana.clone()));
        assert_eq!(ana.email.as_str(), "Ana@Example.com");
        assert_eq!(ana.role, Role::Player);
    }

    async fn of_many_who_register_with_one_address_one_gets_it(store: TestStore) {
        let other = store.of_another_process().await;
        let registrations = (0..8).map(|n| {
            let store = if n % 2 == 0 { (*store).clone() } else { other.clone() };
            tokio::spawn(async move { store.create_player(somebody("ana@example.com")).await })
        });
        let results = futures::future::join_all(registrations).await;
        let registered = results.iter().filter(|result| result.as_ref().unwrap().is_ok()).count();
        assert_eq!(registered, 1);
        assert_eq!(store.players(None).await.unwrap().len(), 1);
    }

    async fn a_role_is_granted_by_address(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.a_player("Luis").await;
        let email: Email = "ANA@example.com".parse().unwrap();
        let granted = store.grant_role(&email, Role::Operator).await.unwrap().unwrap();
        assert_eq!((granted.id, granted.role), (ana.id, Role::Operator));
        assert_eq!(store.players(Some(Role::Operator)).await.unwrap(), [granted]);
        assert_eq!(store.players(None).await.unwrap().len(), 2);

        let nobody: Email = "nobody@example.com".parse().unwrap();
        assert_eq!(store.grant_role(&nobody, Role::Admin).await.unwrap(), None);
    }
}
