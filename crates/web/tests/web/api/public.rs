//! What everybody may see.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

fn titles(answer: &Answer) -> Vec<String> {
    let videos = answer.json();
    let titles = videos.as_array().unwrap().iter().map(|video| &video["title"]);
    titles.map(|title| title.as_str().unwrap().to_owned()).collect()
}

/// The address of the next page.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    let (address, relation) = link.strip_prefix('<')?.split_once('>')?;
    assert_eq!(relation, "; rel=\"next\"");
    Some(address.to_owned())
}

on_each_database! {
    async fn everybody_sees_what_is_published_and_nothing_else(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let published = ana.has_published("Mate").await;
        let pending = ana.uploads("Secreto").await;

        let list = app.get("/api/public/videos").await.ok();
        insta::assert_json_snapshot!("public_videos", list.json(), {
            "[].video_id" => "[id]", "[].processed_url" => "[link]", "[].poster_url" => "[link]",
        });
        assert_eq!(list.header("x-total-count"), "1");
        assert_eq!(next(&list), None);

        let one = app.get(&format!("/api/public/videos/{published}/")).await.ok();
        assert_eq!(one.json()["title"], "Mate");
        let hidden = app.get(&format!("/api/public/videos/{pending}")).await;
        assert_eq!(hidden.problem(), (404, "video_not_found".into()));
        assert_eq!(app.get("/api/public/videos/7").await.status, 404);
    }

    async fn a_list_is_walked_page_by_page(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        for title in ["uno", "dos", "tres", "cuatro", "cinco"] {
            let video = ana.has_published(title).await;
            if title == "dos" {
                luis.votes_for(video).await.ok();
            }
            app.clock().advance(Duration::from_secs(1));
        }
        for (query, expected) in [
            ("limit=2", vec!["cinco,cuatro", "tres,dos", "uno"]),
            ("limit=2&sort=votes", vec!["dos,cinco", "cuatro,tres", "uno"]),
            ("page=1&page_size=2", vec!["cinco,cuatro", "tres,dos", "uno"]),
            ("page=2&limit=3", vec!["dos,uno"]),
            ("skip=3", vec!["dos,uno"]),
            ("limit=1&skip=4", vec!["uno"]),
        ] {
            let mut pages = Vec::new();
            let mut address = Some(format!("/api/public/videos?{query}"));
            while let Some(page) = address {
                let page = app.get(&page).await.ok();
                assert_eq!(page.header("x-total-count"), "5", "{query}");
                address = next(&page);
                pages.push(titles(&page).join(","));
            }
            assert_eq!(pages, expected, "{query}");
        }
    }

    async fn a_list_is_narrowed_down(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player_from("Ana", "Bogotá", "Colombia").await;
        let leo = app.player_from("Leo", "Quito", "Ecuador").await;
        ana.has_published("Mate de espaldas").await;
        leo.has_published("Triple desde el logo").await;
        for (query, expected) in [
            ("city=bogot%C3%A1", vec!["Mate de espaldas"]),
            ("country=ECUADOR", vec!["Triple desde el logo"]),
            ("country=Ecuador&city=Bogot%C3%A1", vec![]),
            ("q=MATE", vec!["Mate de espaldas"]),
            ("q=leo+logo", vec!["Triple desde el logo"]),
            ("q=100%25", vec![]),
            ("city=&q=&utm_source=x", vec!["Triple desde el logo", "Mate de espaldas"]),
        ] {
            let found = app.get(&format!("/api/public/videos?{query}")).await.ok();
            assert_eq!(titles(&found), expected, "{query}");
        }
    }

    async fn players_are_ranked_by_the_votes_of_all_their_videos(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player_from("Ana", "Bogotá", "Colombia").await;
        let eva = app.player_from("Eva", "Medellín", "Colombia").await;
        let leo = app.player_from("Leo", "Quito", "Ecuador").await;
        let hers = ana.has_published("Mate").await;
        let his = leo.has_published("Triple").await;
        eva.has_published("Tapón").await;
        leo.votes_for(hers).await.ok();
        ana.votes_for(his).await.ok();

        let all = app.get("/api/public/rankings/").await.ok();
        insta::assert_json_snapshot!("rankings", all.json());
        let second = app.get("/api/public/rankings?country=colombia&page=2&page_size=1").await;
        insta::assert_json_snapshot!("rankings_second_page", second.ok().json());
        let none = app.get("/api/public/rankings?city=Lima").await.ok().json();
        assert_eq!((&none["total"], &none["total_pages"]), (&json!(0), &json!(0)));
    }

    async fn the_first_of_each_city_advance_until_the_results_are_final(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            settings.showcase.cut_per_city = 1;
            settings.showcase.voting.closes_at = Some("2026-05-02T00:00:00Z".parse().unwrap());
            settings.showcase.results_published_at = Some("2026-05-03T00:00:00Z".parse().unwrap());
        });
        let ana = app.player_from("Ana", "Bogotá", "Colombia").await;
        let eva = app.player_from("Eva", "Bogotá", "Colombia").await;
        let leo = app.player_from("Leo", "Quito", "Ecuador").await;
        let best = ana.has_published("Mate").await;
        eva.has_published("Tapón").await;
        leo.has_published("Triple").await;
        leo.votes_for(best).await.ok();

        for (day, standing) in [(1, "live"), (2, "provisional"), (3, "final")] {
            app.clock().set(format!("2026-05-0{day}T12:00:00Z").parse().unwrap());
            let ranking = app.get("/api/public/rankings").await.ok().json();
            assert_eq!(ranking["standing"], standing);
            let lines = ranking["rankings"].as_array().unwrap().iter();
            let told: Vec<_> = lines
                .map(|line| (&line["username"], &line["city_position"], &line["advances"]))
                .collect();
            assert_eq!(told, [
                (&json!("Ana Ruiz"), &json!(1), &json!(true)),
                (&json!("Eva Ruiz"), &json!(2), &json!(false)),
                (&json!("Leo Ruiz"), &json!(1), &json!(true)),
            ]);
        }
    }
}

#[tokio::test]
async fn each_parameter_that_is_wrong_is_named() {
    let app = TestApp::on(TestStore::sqlite().await);
    let long = "x".repeat(121);
    for (path, query, field) in [
        ("videos", "limit=0", "limit"),
        ("videos", "limit=101", "limit"),
        ("videos", "limit=ten", "limit"),
        ("videos", "page_size=101", "page_size"),
        ("videos", "page=0", "page"),
        ("videos", "page=1&skip=3", "page"),
        ("videos", "skip=-1", "skip"),
        ("videos", "sort=random", "sort"),
        ("videos", "cursor=nonsense", "cursor"),
        ("videos", "city=a%00b", "city"),
        ("videos", &format!("q={long}"), "q"),
        ("rankings", "page=0", "page"),
        ("rankings", "page=99999999999999999999", "page"),
        ("rankings", "page_size=101", "page_size"),
        ("rankings", "country=%07", "country"),
    ] {
        let answer = app.get(&format!("/api/public/{path}?{query}")).await;
        assert_eq!(answer.problem(), (400, "invalid_query".into()), "{query}");
        assert_eq!(answer.fields(), [field], "{query}");
    }
    let all = app.get_in("en", "/api/public/videos?limit=x&sort=y").await;
    let messages: Vec<Value> =
        all.json()["errors"].as_array().unwrap().iter().map(|e| e["message"].clone()).collect();
    assert_eq!(messages, ["must be a whole number from 1 to 100", "must be recent or votes"]);
}
