use anb_store::PlaceCount;
use anb_testkit::{TestStore, on_each_database};

fn place(city: &str, country: &str, videos: u64) -> PlaceCount {
    PlaceCount { city: city.into(), country: country.into(), videos }
}

on_each_database! {
    async fn a_place_is_spelled_as_most_of_its_players_spell_it(store: TestStore) {
        for (name, city, country, videos) in [
            ("Ana", "bogotá", "COLOMBIA", 3),
            ("Beto", "Bogotá", "Colombia", 1),
            ("Cami", "Bogotá", "Colombia", 1),
            ("Dani", "Cali", "COLOMBIA", 1),
            ("Eva", "Ávila", "España", 2),
            ("Fer", "Zamora", "España", 1),
            ("Gabi", "Córdoba", "Argentina", 1),
            ("Hugo", "Córdoba", "España", 1),
        ] {
            let player = store.a_player_from(name, city, country).await;
            for _ in 0..videos {
                store.a_completed_video(&player).await;
            }
        }
        // Whose video is not published does not count, neither here nor there.
        let ivan = store.a_player_from("Iván", "Lima", "Perú").await;
        store.a_pending_video(&ivan).await;
        for name in ["Juan", "Kike"] {
            store.a_player_from(name, "BOGOTÁ", "COLOMBIA").await;
        }

        let expected = [
            place("Córdoba", "Argentina", 1),
            place("Bogotá", "COLOMBIA", 5),
            place("Cali", "COLOMBIA", 1),
            place("Ávila", "España", 2),
            place("Córdoba", "España", 1),
            place("Zamora", "España", 1),
        ];
        assert_eq!(store.places().await.unwrap(), expected);
        for PlaceCount { city, country, videos } in expected {
            let filter = anb_store::PublicFilter {
                city: Some(city), country: Some(country), ..Default::default()
            };
            assert_eq!(store.public_total(&filter).await.unwrap(), videos);
        }
    }

    async fn a_place_is_known_however_it_is_spelled(store: TestStore) {
        let ana = store.a_player_from("Ana", "Bogotá", "Colombia").await;
        store.a_completed_video(&ana).await;
        let bogota = store.places().await.unwrap().remove(0);
        assert!(bogota.is(Some("BOGOTA\u{301} "), None));
        assert!(bogota.is(Some("bogotá"), Some("COLOMBIA")));
        assert!(bogota.is(None, None));
        assert!(!bogota.is(Some("Bogotá"), Some("Perú")));
    }

    async fn without_videos_there_are_no_places(store: TestStore) {
        store.a_player("Ana").await;
        assert_eq!(store.places().await.unwrap(), []);
    }
}
