//! The front page: what is there to see, and how to find it.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};

use crate::{site::browser::Browser, support::TestApp};

/// Titles of the plays on a page, in its order.
fn titles(html: &str) -> Vec<String> {
    html.split("<h3><a href=\"/videos/")
        .skip(1)
        .map(|card| card.split_once("\">").unwrap().1.split_once("</a>").unwrap().0.to_owned())
        .collect()
}

/// Where the link with this `rel` in the text leads; the page's own, not those
/// of its head.
fn leads_to(html: &str, rel: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("<a class=\"button\" rel=\"{rel}\" href=\""))?;
    Some(rest.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&"))
}

on_each_database! {
    async fn a_visitor_sees_what_is_published(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            settings.showcase.name = "Copa <Bogotá>".into();
        });
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate <script>alert(1)</script>").await;
        ana.uploads("Todavía no").await;
        luis.votes_for(video).await.ok();

        let html = app.get_in("es", "/").await.ok().text();
        for expected in [
            "lang=\"es\"",
            "La cancha es tuya.",
            "Sube tu jugada",
            "Mate &#60;script&#62;",
            &format!("<a href=\"/players/{}\">Ana Ruiz</a> · Bogotá", ana.id),
            "<b>1</b> <span>voto</span>",
            "poster-480.webp",
            "poster-1280.jpg",
            "preview.mp4",
            "loading=\"lazy\"",
            "<option value=\"Bogotá\">Bogotá (1)</option>",
        ] {
            assert!(html.contains(expected), "{expected}: {html}");
        }
        assert!(!html.contains("<script>alert") && !html.contains("<Bogotá>"), "{html}");
        assert!(!html.contains("Todavía no"));
        let html = app.get_in("en", "/").await.ok().text();
        assert!(html.contains("<b>1</b> <span>vote</span>"), "{html}");
    }

    async fn pages_lead_on_and_back(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        for number in 1..=53 {
            ana.has_published(&format!("Jugada {number}")).await;
        }
        let numbers = |from: u32, to: u32| -> Vec<_> {
            (to..=from).rev().map(|number| format!("Jugada {number}")).collect()
        };
        let page = async |path: &str| app.get_in("en", path).await.ok().text();

        let first = page("/").await;
        assert_eq!(titles(&first), numbers(53, 30));
        assert_eq!(leads_to(&first, "prev"), None);
        assert!(first.contains("53 plays"), "{first}");
        let second = page(&leads_to(&first, "next").unwrap()).await;
        assert_eq!(titles(&second), numbers(29, 6));
        assert!(!second.contains("The court is yours"), "only where people arrive");
        let third = page(&leads_to(&second, "next").unwrap()).await;
        assert_eq!(titles(&third), numbers(5, 1));
        assert_eq!(leads_to(&third, "next"), None);

        let again = page(&leads_to(&third, "prev").unwrap()).await;
        assert_eq!(titles(&again), titles(&second));
        let front = page(&leads_to(&again, "prev").unwrap()).await;
        assert_eq!(titles(&front), titles(&first));
        assert_eq!(leads_to(&front, "prev"), None, "there is nothing before the first page");
    }

    async fn plays_are_found_by_place_words_and_votes(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player_from("Ana", "Cali", "Colombia").await;
        let eva = app.player_from("Eva", "Lima", "Perú").await;
        let mate = ana.has_published("Mate de espaldas").await;
        ana.has_published("Triple").await;
        eva.has_published("Mate & triple").await;
        eva.votes_for(mate).await.ok();
        let found = async |query: &str| titles(&app.get_in("en", query).await.ok().text());

        assert_eq!(found("/?city=cali").await, ["Triple", "Mate de espaldas"]);
        assert_eq!(found("/?country=Per%C3%BA").await, ["Mate &#38; triple"]);
        assert_eq!(found("/?q=mate&country=Colombia").await, ["Mate de espaldas"]);
        assert_eq!(found("/?sort=votes").await[0], "Mate de espaldas");
        // The country was changed after the city had been chosen.
        assert_eq!(found("/?country=Colombia&city=Lima").await.len(), 2);

        let html = app.get_in("en", "/?q=mate&city=Cali&sort=votes").await.ok().text();
        for expected in [
            "<h1 id=\"plays\">“mate” in Cali</h1>",
            "<title>“mate” in Cali · ",
            "One play",
            "value=\"mate\"",
            "<option value=\"Cali\" selected>",
            "<input type=\"hidden\" name=\"sort\" value=\"votes\">",
        ] {
            assert!(html.contains(expected), "{expected}: {html}");
        }
    }
}

#[tokio::test]
async fn an_empty_showcase_says_what_to_do() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.showcase.submissions.closes_at = Some("2026-05-01T13:00:00Z".parse().unwrap());
    });
    let html = app.get_in("en", "/").await.ok().text();
    assert!(html.contains("What if yours is the first?"), "{html}");
    assert!(html.contains("href=\"/upload\">Upload your play"), "{html}");

    app.clock().advance(Duration::from_hours(2));
    let html = app.get_in("en", "/").await.ok().text();
    assert!(!html.contains("Upload your play"), "nothing can be uploaded any more: {html}");
    assert!(html.contains("There are none yet"), "{html}");
}

#[tokio::test]
async fn who_finds_nothing_is_led_back_to_all() {
    let app = TestApp::on(TestStore::sqlite().await);
    app.player("Ana").await.has_published("Mate").await;
    let html = app.get_in("es", "/?q=nadie&city=%3Cb%3E").await.ok().text();
    assert!(html.contains("No encontramos ninguna jugada así"), "{html}");
    assert!(html.contains("<option selected>&#60;b&#62;</option>"), "what was asked for: {html}");
    assert!(html.contains("href=\"/\">Ver todas las jugadas"), "{html}");
}

#[tokio::test]
async fn an_address_that_makes_no_sense_shows_the_beginning() {
    let app = TestApp::on(TestStore::sqlite().await);
    app.player("Ana").await.has_published("Mate").await;
    let browser = Browser::new(&app);
    for query in ["after=nonsense", "before=0_00000000000000000000000000000000", "sort=up&x=%00"] {
        let html = browser.reads(&format!("/?{query}")).await;
        assert_eq!(titles(&html), ["Mate"], "{query}");
        assert_eq!(html.contains("That page is no longer there"), query.starts_with("after"));
    }
}

#[tokio::test]
async fn the_front_page_counts_down_to_what_happens_next() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.showcase.submissions.closes_at = Some("2026-05-11T12:00:00Z".parse().unwrap());
        settings.showcase.voting.closes_at = Some("2026-05-20T12:00:00Z".parse().unwrap());
        settings.showcase.about.en = Some("Plays from <every> barrio.".into());
    });
    let html = app.get_in("en", "/").await.ok().text();
    for expected in [
        "Plays from &#60;every&#62; barrio.",
        "days until uploads close",
        "datetime=\"2026-05-11T12:00:00Z\"",
        "<dd class=\"figure\">10</dd>",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    app.clock().advance(Duration::from_hours(10 * 24 - 1));
    let html = app.get_in("en", "/").await.ok().text();
    assert!(html.contains("hour until uploads close"), "{html}");
}
