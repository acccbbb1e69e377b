//! Votes and jury side by side, and categories.

use anb_config::{Category, LocalText, Settings};
use anb_testkit::{TestStore, on_each_database};

use crate::{
    site::browser::{Browser, PageAnswer as _},
    support::{Form, TestApp, clip},
};

fn a_jury(settings: &mut Settings) {
    settings.jury.weight = 0.5;
    settings.showcase.cut_per_city = 1;
    settings.showcase.voting.closes_at = Some("2026-05-02T00:00:00Z".parse().unwrap());
    settings.showcase.results_published_at = Some("2026-05-03T00:00:00Z".parse().unwrap());
}

fn categories(settings: &mut Settings) {
    let category = |id: &str, es: &str, en: &str| Category {
        id: id.into(),
        name: LocalText { es: Some(es.into()), en: Some(en.into()) },
    };
    settings.showcase.categories =
        vec![category("dunk", "Clavada", "Dunk"), category("three", "Triple", "Three-pointer")];
}

async fn page(app: &TestApp, path: &str) -> String {
    app.get_in("en", path).await.ok().text()
}

on_each_database! {
    async fn votes_and_jury_are_shown_apart_once_the_results_are_out(store: TestStore) {
        let app = TestApp::with(store, a_jury);
        let ana = app.player_from("Ana", "Cali", "Colombia").await;
        let beto = app.player_from("Beto", "Cali", "Colombia").await;
        let (hers, his) = (ana.has_published("Mate").await, beto.has_published("Triple").await);
        beto.votes_for(hers).await.ok();
        app.store.a_jury_gives("Iris", &[(hers, "2.5"), (his, "9.5")]).await;

        for day in [1, 2] {
            app.clock().set(format!("2026-05-0{day}T12:00:00Z").parse().unwrap());
            for path in ["/rankings", "/rankings?city=Cali", &format!("/players/{}", beto.id)] {
                let html = page(&app, path).await;
                assert!(!html.contains("Jury") && !html.contains("9.50"), "{path} tells too early");
            }
        }
        app.clock().set("2026-05-03T12:00:00Z".parse().unwrap());
        let html = page(&app, "/rankings?city=Cali").await;
        for said in ["Jury</th>", "Final</th>", ">9.50</td>", ">2.50</td>", "<b>6.25</b>", "<b>4.75</b>"] {
            assert!(html.contains(said), "{said} in {html}");
        }
        assert!(html.find("Ana Ruiz").unwrap() < html.find("Beto Ruiz").unwrap());
        let line = html.find("Everyone above this line").unwrap();
        assert!(html.find("Ana Ruiz").unwrap() < line && line < html.find("Beto Ruiz").unwrap());

        let profile = page(&app, &format!("/players/{}", beto.id)).await;
        for said in ["Final score: 4.75 of 10", "Jury: 9.50 of 10", "#2"] {
            assert!(profile.contains(said), "{said} in {profile}");
        }
    }

    async fn a_category_is_chosen_shown_and_looked_for(store: TestStore) {
        let app = TestApp::with(store, categories);
        let ana = Browser::of(&app, "Ana").await;
        let form = ana.reads("/upload").await;
        for said in ["name=\"category\" required", "value=\"dunk\">Dunk<", "data-part=\"category\" required"] {
            assert!(form.contains(said), "{said} in {form}");
        }
        let refused = ana.sends(Form::new().title("Mate").text("category", "").file(clip(5_000))).await;
        assert_eq!(refused.status.as_u16(), 400);
        refused.shows("Choose one of the contest’s categories.");
        refused.shows("value=\"Mate\"");
        let accepted = ana.sends(Form::new().title("Mate").text("category", "dunk").file(clip(5_000))).await;
        assert_eq!(accepted.status.as_u16(), 303);
        assert!(ana.reads("/me/videos").await.contains("<p class=\"small\">Dunk</p>"));
        let owner = app.store.player_by_email(&"ana@example.com".parse().unwrap()).await.unwrap().unwrap();
        let video = app.store.videos_of(owner.id).await.unwrap()[0].id;
        app.publishes(video).await;

        for path in ["/?category=", "/rankings?category="] {
            let shown = page(&app, &format!("{path}dunk")).await;
            assert!(shown.contains("Ana Ruiz") && shown.contains("value=\"dunk\" selected"), "{path}");
            assert!(!page(&app, &format!("{path}three")).await.contains("Ana Ruiz"), "{path}");
            assert!(page(&app, &format!("{path}tennis")).await.contains("Ana Ruiz"), "{path}");
        }
    }
}

#[tokio::test]
async fn without_categories_nothing_asks_for_one() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = Browser::of(&app, "Ana").await;
    for path in ["/", "/rankings", "/upload"] {
        assert!(!ana.reads(path).await.contains("name=\"category\""), "{path}");
    }
}
