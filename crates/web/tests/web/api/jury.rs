//! The jury in the ranking, and categories.

use anb_config::{Category, LocalText, Settings};
use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Form, TestApp, clip};

fn a_contest_with_a_jury(settings: &mut Settings) {
    settings.jury.weight = 0.5;
    settings.showcase.cut_per_city = 1;
    settings.showcase.voting.closes_at = Some("2026-05-02T00:00:00Z".parse().unwrap());
    settings.showcase.results_published_at = Some("2026-05-03T00:00:00Z".parse().unwrap());
}

fn with_categories(settings: &mut Settings) {
    let category = |id: &str, es: &str| Category {
        id: id.into(),
        name: LocalText { es: Some(es.into()), en: None },
    };
    settings.showcase.categories = vec![category("dunk", "Clavada"), category("three", "Triple")];
}

fn refused() -> (u16, String) {
    (400, "category".to_owned())
}

async fn lines(app: &TestApp, query: &str) -> Vec<Value> {
    let ranking = app.get(&format!("/api/public/rankings{query}")).await.ok().json();
    ranking["rankings"].as_array().unwrap().clone()
}

fn figures(line: &Value) -> (&str, u64, Option<f64>, Option<f64>, bool) {
    let score = |name: &str| line.get(name).and_then(Value::as_f64);
    (
        line["username"].as_str().unwrap(),
        line["position"].as_u64().unwrap(),
        score("jury_score"),
        score("final_score"),
        line["advances"].as_bool().unwrap(),
    )
}

on_each_database! {
    async fn the_jury_counts_once_the_results_are_published(store: TestStore) {
        let app = TestApp::with(store, a_contest_with_a_jury);
        let ana = app.player_from("Ana", "Bogotá", "Colombia").await;
        let eva = app.player_from("Eva", "Bogotá", "Colombia").await;
        let leo = app.player_from("Leo", "Bogotá", "Colombia").await;
        let hers = ana.has_published("Mate").await;
        leo.has_published("Triple").await;
        let of_eva = eva.has_published("Tapón").await;
        for voter in [&eva, &leo] {
            voter.votes_for(hers).await.ok();
        }
        ana.votes_for(of_eva).await.ok();
        app.store.a_jury_gives("Iris", &[(hers, "4.5"), (of_eva, "10")]).await;

        for day in [1, 2] {
            app.clock().set(format!("2026-05-0{day}T12:00:00Z").parse().unwrap());
            let lines = lines(&app, "").await;
            let names: Vec<_> = lines.iter().map(|line| line["username"].as_str().unwrap()).collect();
            assert_eq!(names, ["Ana Ruiz", "Eva Ruiz", "Leo Ruiz"]);
            let leaks = |line: &Value| line.get("jury_score").or(line.get("final_score")).is_some();
            assert!(!lines.iter().any(leaks), "{lines:?}");
        }
        app.clock().set("2026-05-03T12:00:00Z".parse().unwrap());
        for query in ["", "?city=bogot%C3%A1"] {
            assert_eq!(lines(&app, query).await.iter().map(figures).collect::<Vec<_>>(), [
                ("Eva Ruiz", 1, Some(10.0), Some(7.5), true),
                ("Ana Ruiz", 2, Some(4.5), Some(7.25), false),
                ("Leo Ruiz", 3, None, Some(0.0), false),
            ]);
        }
        let second = lines(&app, "?page=2&page_size=1").await;
        assert_eq!(second.iter().map(figures).collect::<Vec<_>>()[0].0, "Ana Ruiz");
        assert_eq!(app.get("/api/public/rankings?page=9").await.ok().json()["rankings"], json!([]));
    }

    async fn without_weight_or_scores_votes_alone_decide(store: TestStore) {
        let app = TestApp::with(store, a_contest_with_a_jury);
        let ana = app.player("Ana").await;
        let leo = app.player("Leo").await;
        let hers = ana.has_published("Mate").await;
        leo.votes_for(hers).await.ok();
        app.clock().set("2026-05-03T12:00:00Z".parse().unwrap());
        let ranked = lines(&app, "").await;
        assert_eq!((&ranked[0]["votes"], ranked[0].get("final_score")), (&json!(1), None));
    }

    async fn a_video_belongs_to_one_of_the_categories(store: TestStore) {
        let app = TestApp::with(store, with_categories);
        let ana = app.player("Ana").await;
        let form = |category: &str| Form::new().title("Mate").text("category", category).file(clip(5_000));
        for wrong in ["", "  ", "tennis"] {
            let answer = ana.sends(form(wrong)).await;
            assert_eq!(answer.problem(), refused());
            assert_eq!(answer.fields(), ["category"]);
        }
        let missing = ana.sends(Form::new().title("Mate").file(clip(5_000))).await;
        assert_eq!(missing.problem(), refused());
        app.nothing_is_left().await;

        let accepted = ana.sends(form("dunk")).await.ok().json();
        let id: anb_domain::VideoId = accepted["video_id"].as_str().unwrap().parse().unwrap();
        app.publishes(id).await;
        let own = ana.get(&format!("/api/videos/{id}")).await.ok().json();
        assert_eq!(own["category"], "dunk");

        let announced = |category: Value| {
            let file = json!({ "title": "Triple", "size": 5000, "content_type": "video/mp4", "category": category });
            Answer::to(ana.request(Method::POST, "/api/uploads").json(&file))
        };
        assert_eq!(announced(Value::Null).await.problem(), refused());
        assert_eq!(announced(json!("tennis")).await.problem(), refused());
        announced(json!("three")).await.ok();

        for (category, expected) in [("dunk", 1), ("three", 0)] {
            let shown = app.get(&format!("/api/public/videos?category={category}")).await.ok().json();
            assert_eq!(shown.as_array().unwrap().len(), expected);
            let lines = lines(&app, &format!("?category={category}")).await;
            assert_eq!(lines.len(), expected);
            assert!(lines.iter().all(|line| line.get("advances").is_none()));
        }
    }
}

#[tokio::test]
async fn a_contest_without_categories_takes_none() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let form = Form::new().title("Mate").text("category", "dunk").file(clip(5_000));
    assert_eq!(ana.sends(form).await.problem(), refused());
    let empty = Form::new().title("Mate").text("category", "").file(clip(5_000));
    let accepted = ana.sends(empty).await.ok().json();
    let shown = ana.get(&format!("/api/videos/{}", accepted["video_id"].as_str().unwrap())).await;
    assert!(shown.ok().json().get("category").is_none());
}
