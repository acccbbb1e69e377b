//! What the console changes, the site shows, without a restart.

use std::time::Duration;

use crate::support::{TestApp, clip};
use anb_config::{
    Category, ContestDocument, LocalText, Settings,
    contest::{
        AboutPart, BrandPart, CategoriesPart, JuryPart, PhasesPart, RankingPart, RulesPart,
        TextsPart,
    },
};
use anb_contest::Contest;
use anb_domain::Clock as _;
use anb_store::Actor;
use anb_testkit::{TestStore, on_each_database};

/// Saves as a console in another process does, and waits as long as it may take
/// until it is seen.
async fn console_saves(app: &TestApp, document: ContestDocument) {
    let store = app.store.of_another_process().await;
    let console = Contest::new(store, &Settings::default(), app.store.clock.clone());
    let base = console.latest().await.unwrap().number;
    console.change(&Actor::terminal(), base, document).await.unwrap();
    app.clock().advance(Duration::from_secs(3));
}

fn text(es: &str, en: &str) -> LocalText {
    LocalText { es: Some(es.into()), en: Some(en.into()) }
}

/// The address in a page of a file of the brand.
fn brand_file(page: &str, name: &str) -> String {
    let quoted = page.split('"').skip(1).step_by(2);
    quoted
        .filter(|text| text.starts_with("/brand/"))
        .find(|text| text.ends_with(name))
        .unwrap()
        .into()
}

on_each_database! {
    async fn name_rules_texts_and_cut_change_at_once(store: TestStore) {
        let app = TestApp::on(store);
        let before = app.get("/rules").await.ok().text();
        assert!(before.contains("ANB Rising Stars Showcase"));
        let document = ContestDocument {
            about: Some(AboutPart {
                name: "Copa Bogotá".into(),
                about: text("La copa de la ciudad.", "The city's cup."),
                contact_email: Some("copa@example.com".into()),
            }),
            rules: Some(RulesPart {
                preset: anb_config::showcase::RulesPreset::Anb,
                ..RulesPart::default()
            }),
            ranking: Some(RankingPart { cut_per_city: 1 }),
            ..ContestDocument::default()
        };
        console_saves(&app, document.clone()).await;
        let rules = app.get("/rules").await.ok().text();
        for shown in ["Copa Bogotá", "copa@example.com", "1080"] {
            assert!(rules.contains(shown), "{shown}");
        }
        assert!(app.get("/").await.ok().text().contains("La copa de la ciudad."));
        let texts = TextsPart { rules_text: text("# Bases\n\nUna *sola* jugada.", ""), ..TextsPart::default() };
        console_saves(&app, ContestDocument { texts: Some(texts), ..document }).await;
        assert!(app.get("/rules").await.ok().text().contains("Una <em>sola</em> jugada."));
    }

    async fn uploads_and_votes_open_and_close_with_the_contest(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let video = ana.has_published("Triple").await;
        let now = app.store.clock.now();
        let mut phases = PhasesPart::default();
        phases.submissions.closes_at = Some(now);
        phases.voting.closes_at = Some(now);
        let in_time = ana.begins("A tiempo", clip(900)).await;
        let document =
            ContestDocument { phases: Some(phases.clone()), ..ContestDocument::default() };
        console_saves(&app, document).await;
        assert_eq!(ana.announces("Tarde", 900).await.problem().1, "submissions_closed");
        assert_eq!(luis.votes_for(video).await.problem().1, "voting_closed");
        in_time.sends_all().await;
        assert_eq!(in_time.completes().await.status, 201, "begun in time, it may end");
        let standing = app.get("/api/public/rankings").await.ok().json()["standing"].clone();
        assert_eq!(standing, "provisional");
        phases.results_published_at = Some(now);
        console_saves(&app, ContestDocument { phases: Some(phases), ..ContestDocument::default() }).await;
        let standing = app.get("/api/public/rankings").await.ok().json()["standing"].clone();
        assert_eq!(standing, "final");
    }

    async fn the_ranking_follows_the_weight_of_the_jury(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            settings.showcase.voting.closes_at = Some("2026-05-02T00:00:00Z".parse().unwrap());
            settings.showcase.results_published_at = Some("2026-05-03T00:00:00Z".parse().unwrap());
        });
        let (ana, eva) = (app.player("Ana").await, app.player("Eva").await);
        let (hers, of_eva) = (ana.has_published("Mate").await, eva.has_published("Tapón").await);
        eva.votes_for(hers).await.ok();
        app.store.a_jury_gives("Iris", &[(hers, "2"), (of_eva, "10")]).await;
        app.clock().set("2026-05-03T12:00:00Z".parse().unwrap());
        for (weight, first) in [(0.0, "Ana Ruiz"), (0.9, "Eva Ruiz"), (0.1, "Ana Ruiz")] {
            let jury = Some(JuryPart { weight });
            console_saves(&app, ContestDocument { jury, ..ContestDocument::default() }).await;
            let ranking = app.get("/api/public/rankings").await.ok().json();
            let line = &ranking["rankings"][0];
            assert_eq!(line["username"], first, "{weight}");
            assert_eq!(line.get("final_score").is_some(), weight > 0.0, "{weight}: {line}");
        }
    }

    async fn uploads_are_asked_for_the_categories_of_the_moment(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        ana.announces("Mate", 900).await.ok();
        let name = LocalText { es: Some("Clavada".into()), en: None };
        let categories = vec![Category { id: "dunk".into(), name }];
        let categories = Some(CategoriesPart { categories });
        console_saves(&app, ContestDocument { categories, ..ContestDocument::default() }).await;
        assert_eq!(ana.announces("Mate", 900).await.problem().1, "category");
    }

    async fn a_new_brand_has_new_addresses_and_everything_else_keeps_its(store: TestStore) {
        let app = TestApp::on(store);
        let before = app.get("/").await.ok().text();
        let old = brand_file(&before, "brand.css");
        let logo = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#00aa55"/></svg>"##;
        let brand = BrandPart {
            color: "#00aa55".parse().unwrap(),
            logo_svg: Some(logo.into()),
            watermark_svg: None,
        };
        console_saves(&app, ContestDocument { brand: Some(brand), ..ContestDocument::default() }).await;
        let after = app.get("/").await.ok().text();
        let css = app.get(&brand_file(&after, "brand.css")).await.ok();
        assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(css.text().contains("--brand: #00aa55;"));
        let shown = app.get(&brand_file(&after, "logo.svg")).await.ok();
        assert_eq!(shown.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        assert_eq!(shown.text(), logo);
        let outdated = app.get(&old).await.ok();
        assert_eq!(outdated.header("cache-control"), "no-store");
        let style = |page: &str| page.split('"').find(|text| text.ends_with("/style.css")).unwrap().to_owned();
        assert_eq!(style(&before), style(&after));
    }
}

#[tokio::test]
async fn the_brand_is_served_here_when_everything_else_lies_elsewhere() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.site.assets_url = Some("https://static.example.com/anb/".parse().unwrap());
    });
    let page = app.get("/").await.ok().text();
    app.get(&brand_file(&page, "brand.css")).await.ok();
    assert_eq!(app.get("/brand/0123456789abcdef/nothing.css").await.problem().0, 404);
}
