use anb_domain::{Clock as _, VideoId};
use anb_store::{Cursor, PublicFilter, RankingFilter, Sort};
use anb_testkit::{TestStore, on_each_database};

fn first(limit: u64) -> PublicFilter {
    PublicFilter { limit, ..PublicFilter::default() }
}

async fn titles(store: &TestStore, filter: PublicFilter) -> (Vec<String>, u64) {
    let page = store.public_videos(&filter).await.unwrap();
    (page.items.into_iter().map(|video| video.title).collect(), page.total)
}

/// Three published clips and one that waits.
async fn a_showcase(store: &TestStore) -> [VideoId; 3] {
    let ana = store.a_player_from("Ana", "Bogotá", "Colombia").await;
    let luis = store.a_player_from("Íñigo", "Ávila", "España").await;
    let first = store.a_completed_video_called(&ana, "Triple de ÑANDÚ").await.id;
    let second = store.a_completed_video_called(&luis, "100% mate_al_aro").await.id;
    let third = store.a_completed_video_called(&ana, "Tapón!").await.id;
    store.a_pending_video_called(&ana, "Todavía no").await;
    [first, second, third]
}

on_each_database! {
    async fn everybody_sees_published_videos_newest_first(store: TestStore) {
        let [id, ..] = a_showcase(&store).await;
        let all = titles(&store, first(10)).await;
        assert_eq!(all, (vec!["Tapón!".into(), "100% mate_al_aro".into(), "Triple de ÑANDÚ".into()], 3));

        let video = store.public_video(id).await.unwrap().unwrap();
        assert_eq!(video.player_name, "Ana Ruiz");
        assert_eq!((video.city.as_str(), video.country.as_str()), ("Bogotá", "Colombia"));
        assert_eq!(video.uploaded_at, store.clock.now());
        assert_eq!(video.attempt.0, 1);
        let unpublished = store.videos(Some(anb_domain::VideoStatus::Pending), 1, 0).await.unwrap();
        assert_eq!(store.public_video(unpublished.items[0].id).await.unwrap(), None);
    }

    async fn places_are_compared_without_regard_to_case(store: TestStore) {
        a_showcase(&store).await;
        for (city, country, expected) in [
            (Some("BOGOTÁ"), None, 2),
            (Some("bogotá "), Some("COLOMBIA"), 2),
            (Some("Bogota\u{301}"), None, 2),
            (Some("ávila"), Some("españa"), 1),
            (Some("ÁVILA"), Some("colombia"), 0),
            (Some("Bogotá%"), None, 0),
            (Some("Bog\0otá"), None, 2),
            (None, Some("ESPAÑA"), 1),
        ] {
            let filter = PublicFilter {
                city: city.map(Into::into),
                country: country.map(Into::into),
                ..first(10)
            };
            assert_eq!(titles(&store, filter).await.1, expected, "{city:?} {country:?}");
            let ranked = store.rankings(&RankingFilter::from_place(city, country), 1, 10).await.unwrap();
            assert_eq!(ranked.total, u64::from(expected > 0), "{city:?} {country:?}");
        }
    }

    async fn every_word_of_a_search_must_occur(store: TestStore) {
        a_showcase(&store).await;
        for (q, expected) in [
            ("ñandú", vec!["Triple de ÑANDÚ"]),
            ("ana triple", vec!["Triple de ÑANDÚ"]),
            ("ANA", vec!["Tapón!", "Triple de ÑANDÚ"]),
            ("íñigo RUIZ", vec!["100% mate_al_aro"]),
            ("0% m", vec!["100% mate_al_aro"]),
            ("%", vec!["100% mate_al_aro"]),
            ("e_a", vec!["100% mate_al_aro"]),
            ("n!", vec!["Tapón!"]),
            ("\\", vec![]),
            ("'; DROP TABLE videos", vec![]),
            ("todavía", vec![]),
            ("  ", vec!["Tapón!", "100% mate_al_aro", "Triple de ÑANDÚ"]),
            ("\0", vec!["Tapón!", "100% mate_al_aro", "Triple de ÑANDÚ"]),
        ] {
            let filter = PublicFilter { q: Some(q.into()), ..first(10) };
            let total = expected.len() as u64;
            let expected = expected.into_iter().map(String::from).collect();
            assert_eq!(titles(&store, filter).await, (expected, total), "{q:?}");
        }
    }

    async fn pages_follow_each_other_by_cursor(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let voters = [store.a_player("Uno").await, store.a_player("Dos").await];
        let mut by_age = Vec::new();
        for n in 0..7 {
            let video = store.a_completed_video_called(&ana, &format!("Clip {n}")).await.id;
            for voter in voters.iter().take(n % 3) {
                store.vote(voter, video).await;
            }
            by_age.insert(0, video);
        }
        let votes = |index: usize| (6 - index) % 3;
        let mut by_votes: Vec<_> = (0..7).collect();
        by_votes.sort_by_key(|index| (std::cmp::Reverse(votes(*index)), *index));
        let by_votes: Vec<_> = by_votes.into_iter().map(|index| by_age[index]).collect();

        for (sort, expected) in [(Sort::Recent, by_age), (Sort::Votes, by_votes)] {
            let mut filter = PublicFilter { sort, ..first(3) };
            let mut seen = Vec::new();
            loop {
                let page = store.public_videos(&filter).await.unwrap();
                assert_eq!(page.total, 7);
                let Some(last) = page.items.last() else { break };
                filter.after = Some(Cursor::from(last));
                seen.extend(page.items.iter().map(|video| video.id));
            }
            assert_eq!(seen, expected);
            let skipped =
                store.public_videos(&PublicFilter { sort, skip: 5, ..first(3) }).await.unwrap();
            let skipped: Vec<_> = skipped.items.iter().map(|video| video.id).collect();
            assert_eq!(skipped, expected[5..]);
        }
    }

    async fn the_way_back_leads_through_the_same_pages(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let voter = store.a_player("Uno").await;
        for n in 0..7 {
            let video = store.a_completed_video_called(&ana, &format!("Clip {n}")).await.id;
            if n % 2 == 0 {
                store.vote(&voter, video).await;
            }
        }
        for sort in [Sort::Recent, Sort::Votes] {
            let page = async |filter: PublicFilter| {
                let found = store.public_page(&PublicFilter { sort, ..filter }).await.unwrap();
                found.iter().map(Cursor::from).collect::<Vec<_>>()
            };
            let all = page(first(10)).await;
            let before = |at: usize, limit| PublicFilter { before: Some(all[at]), ..first(limit) };
            assert_eq!(page(before(6, 3)).await, all[3..6]);
            assert_eq!(page(before(3, 3)).await, all[..3]);
            assert_eq!(page(before(2, 3)).await, all[..2], "fewer only at the beginning");
            assert_eq!(page(before(0, 3)).await, []);
            let skipping = PublicFilter { skip: 1, ..before(6, 3) };
            assert_eq!(page(skipping).await, all[2..5]);
            let between = PublicFilter { after: Some(all[1]), ..before(5, 10) };
            assert_eq!(page(between).await, all[2..5]);
        }
    }

    async fn the_videos_of_one_player_are_counted_apart(store: TestStore) {
        a_showcase(&store).await;
        let ana = store.public_page(&first(1)).await.unwrap()[0].owner;
        let hers = PublicFilter { player: Some(ana), ..first(10) };
        assert_eq!(titles(&store, hers.clone()).await, (vec!["Tapón!".into(), "Triple de ÑANDÚ".into()], 2));
        let found = PublicFilter { q: Some("triple".into()), ..hers.clone() };
        assert_eq!(titles(&store, found).await, (vec!["Triple de ÑANDÚ".into()], 1));
        let elsewhere = PublicFilter { city: Some("Ávila".into()), ..hers };
        assert_eq!(titles(&store, elsewhere).await, (vec![], 0));
    }

    async fn no_page_is_too_far_away(store: TestStore) {
        a_showcase(&store).await;
        let far = PublicFilter { skip: u64::MAX, limit: u64::MAX, ..first(0) };
        assert_eq!(titles(&store, far).await, (vec![], 3));
        let far = store.rankings(&RankingFilter::default(), u64::MAX, 100).await.unwrap();
        assert_eq!((far.items, far.total), (vec![], 2));
    }

    async fn equal_votes_share_a_position_across_pages(store: TestStore) {
        let mut people = Vec::new();
        for (name, city) in
            [("Ana", "Cali"), ("Beto", "Cali"), ("Cami", "Lima"), ("Dani", "Cali"), ("Eva", "Cali")]
        {
            people.push(store.a_player_from(name, city, "Colombia").await);
        }
        // Eva waits for her video and is not ranked.
        store.a_pending_video(&people[4]).await;
        let mut videos = Vec::new();
        for person in &people[..4] {
            videos.push(store.a_completed_video(person).await.id);
        }
        let second_of_ana = store.a_completed_video(&people[0]).await.id;
        // Ana 1 + 1, Beto 2, Cami 3, Dani 1.
        for (voter, video) in [
            (1, videos[0]), (2, second_of_ana), (0, videos[1]), (2, videos[1]),
            (0, videos[2]), (1, videos[2]), (3, videos[2]), (4, videos[3]),
        ] {
            store.vote(&people[voter], video).await;
        }

        let mut seen = Vec::new();
        for page in 1..=3 {
            let page = store.rankings(&RankingFilter::default(), page, 2).await.unwrap();
            assert_eq!(page.total, 4);
            seen.extend(page.items.into_iter().map(|p| (p.position, p.username, p.votes)));
        }
        let line = |position, name: &str, votes| (position, format!("{name} Ruiz"), votes);
        assert_eq!(
            seen,
            [line(1, "Cami", 3), line(2, "Ana", 2), line(2, "Beto", 2), line(4, "Dani", 1)]
        );

        let among = |city| {
            let store = store.clone();
            async move { store.rankings(&RankingFilter::from_place(city, None), 1, 10).await }
        };
        let by_city: Vec<_> = among(None).await.unwrap().items.iter()
            .map(|p| (p.username.clone(), p.position, p.city_position)).collect();
        let line = |name: &str, position, in_city| (format!("{name} Ruiz"), position, in_city);
        // Cami alone is from Lima.
        assert_eq!(
            by_city,
            [line("Cami", 1, 1), line("Ana", 2, 1), line("Beto", 2, 1), line("Dani", 4, 3)]
        );
        for ranked in among(Some("Cali")).await.unwrap().items {
            assert_eq!(ranked.position, ranked.city_position);
        }

        let cali = store.rankings(&RankingFilter::from_place(Some("CALI"), None), 2, 1).await.unwrap();
        assert_eq!(cali.total, 3);
        assert_eq!((cali.items[0].position, cali.items[0].player), (1, people[1].id));
    }
}
