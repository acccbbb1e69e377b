//! A play's own page.

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::{site::browser::Browser, support::TestApp};

on_each_database! {
    async fn a_play_is_shown_with_its_player_and_others_from_there(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let eva = app.player_from("Eva", "Lima", "Perú").await;
        let video = ana.has_published("Mate \"<i>\" & más").await;
        let other = luis.has_published("Triple").await;
        let away = eva.has_published("Lejos").await;

        let html = app.get_in("es", &format!("/videos/{video}")).await.ok().text();
        for expected in [
            "<h1>Mate &#34;&#60;i&#62;&#34; &#38; más</h1>",
            "video.mp4",
            "poster=\"",
            &format!("href=\"/players/{}\">Ana Ruiz</a>", ana.id),
            "href=\"/?country=Colombia&#38;city=Bogot%C3%A1\"",
            "Más de Bogotá",
            &format!("href=\"/videos/{other}\""),
        ] {
            assert!(html.contains(expected), "{expected}: {html}");
        }
        assert!(!html.contains("<i>") && !html.contains(&away.to_string()), "{html}");
    }

    async fn a_link_that_is_shared_shows_what_it_leads_to(store: TestStore) {
        let app = TestApp::on(store);
        let video = app.player("Ana").await.has_published("Mate \" más").await;
        let html = app.get_in("en", &format!("/videos/{video}")).await.ok().text();
        let address = app.url(&format!("/videos/{video}"));
        let title = "“Mate &#34; más” by Ana Ruiz (Bogotá)";
        for expected in [
            format!("<link rel=\"canonical\" href=\"{address}\">"),
            format!("<meta property=\"og:url\" content=\"{address}\">"),
            format!("<meta property=\"og:title\" content=\"{title}\">"),
            format!("<meta property=\"og:image\" content=\"{address}/poster.jpg\">"),
            format!("<meta name=\"twitter:image\" content=\"{address}/poster.jpg\">"),
            "<meta name=\"twitter:card\" content=\"summary_large_image\">".to_owned(),
        ] {
            assert!(html.contains(&expected), "{expected}: {html}");
        }

        // By an address that stays, wherever storage is.
        let browser = Browser::new(&app);
        let poster = browser.get(&format!("/videos/{video}/poster.jpg")).await;
        assert_eq!(poster.status, 302);
        let picture = app.client.get(app.url(poster.header("location"))).send().await.unwrap();
        assert_eq!(picture.headers()["content-type"], "image/jpeg");
        assert_eq!(picture.text().await.unwrap(), format!("poster-1280.jpg of {video}"));
    }

    async fn what_is_not_published_has_no_page(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let pending = ana.uploads("Secreto").await;
        let browser = Browser::signed_in(&ana).await;
        for path in [
            format!("/videos/{pending}"),
            format!("/videos/{pending}/poster.jpg"),
            "/videos/7".to_owned(),
        ] {
            let answer = browser.get(&path).await;
            assert_eq!((answer.status.as_u16(), answer.text().contains("Secreto")), (404, false));
            assert!(answer.text().contains("href=\"/\""), "a way on: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_player_seeks_by_range() {
    let app = TestApp::on(TestStore::sqlite().await);
    let video = app.player("Ana").await.has_published("Mate").await;
    let html = app.get(&format!("/videos/{video}")).await.ok().text();
    // By path: a phone in the same network knows us by another name.
    let (_, rest) = html.split_once("src=\"/media/").unwrap();
    let source = format!("/media/{}", rest.split_once('"').unwrap().0).replace("&#38;", "&");
    let piece =
        app.client.request(Method::GET, app.url(&source)).header("range", "bytes=3-8").send().await;
    let piece = piece.unwrap();
    assert_eq!(piece.status(), 206);
    assert_eq!(piece.text().await.unwrap(), "eo.mp4");
}
