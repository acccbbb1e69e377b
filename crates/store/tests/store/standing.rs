use anb_store::PlayerStanding;
use anb_testkit::{TestStore, on_each_database};

on_each_database! {
    async fn a_player_stands_among_their_city_and_their_country(store: TestStore) {
        let mut people = Vec::new();
        for (name, city, country) in [
            ("Ana", "Cali", "Colombia"),
            ("Beto", "Cali", "Colombia"),
            ("Cami", "Bogotá", "Colombia"),
            ("Dani", "Cali", "Colombia"),
            ("Eva", "Cali", "Perú"),
            ("Fer", "Cali", "Colombia"),
        ] {
            people.push(store.a_player_from(name, city, country).await);
        }
        // Fer has nothing to vote for. Ana 0 + 1, Beto 1, Cami 2, Dani 0, Eva 3.
        for (owner, voters) in
            [(0, &[][..]), (0, &[1]), (1, &[0]), (2, &[0, 1]), (3, &[]), (4, &[0, 1, 2])]
        {
            let video = store.a_completed_video(&people[owner]).await.id;
            for voter in voters {
                store.vote(&people[*voter], video).await;
            }
        }

        let stands = |city_position, country_position, votes| {
            Some(PlayerStanding { city_position, country_position, votes, score: None })
        };
        for (player, expected) in [
            (0, stands(1, 2, 1)),
            (1, stands(1, 2, 1)),
            (2, stands(1, 1, 2)),
            (3, stands(3, 4, 0)),
            (4, stands(1, 1, 3)),
            (5, None),
        ] {
            let standing = store.standing_of(people[player].id).await.unwrap();
            assert_eq!(standing, expected, "{}", people[player].first_name);
        }
        let nobody = anb_domain::PlayerId(sea_orm::prelude::Uuid::nil());
        assert_eq!(store.standing_of(nobody).await.unwrap(), None);
    }
}
