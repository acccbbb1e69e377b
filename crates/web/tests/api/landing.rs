//! The page at the front door.

use anb_testkit::{TestStore, on_each_database};

use crate::support::TestApp;

on_each_database! {
    async fn a_visitor_sees_the_newest_videos_and_who_leads(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            settings.showcase.name = "Copa <Bogotá>".into();
        });
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate <script>alert(1)</script>").await;
        ana.uploads("Todavía no").await;
        luis.votes_for(video).await.ok();

        let page = app.get_in("es", "/").await.ok();
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("vary"), "Accept-Language");
        let html = page.text();
        for expected in ["lang=\"es\"", "Lo más nuevo", "1 voto", "Ana Ruiz", "Bogotá", "/docs/"] {
            assert!(html.contains(expected), "{expected}: {html}");
        }
        assert!(!html.contains("<script>") && !html.contains("<Bogotá>"), "{html}");
        assert!(!html.contains("Todavía no"));
        assert!(app.get_in("en", "/").await.ok().text().contains("1 vote<"));
    }
}

#[tokio::test]
async fn an_empty_showcase_says_what_to_do() {
    let app = TestApp::on(TestStore::sqlite().await);
    assert!(app.get_in("en", "/").await.text().contains("No video has been published yet"));
    assert!(app.get("/").await.text().contains("Todavía no hay vídeos"));
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_runs_only_its_own_script() {
    let app = TestApp::on(TestStore::sqlite().await);
    let page = app.get("/").await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = page.text();
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let (nonce, _) = nonce.split_once('\'').unwrap();
    for own in ["style", "script"] {
        assert!(html.contains(&format!("<{own} nonce=\"{nonce}\">")));
        assert!(policy.contains(&format!("{own}-src 'nonce-{nonce}'")), "{policy}");
    }
    assert!(!html.contains("src=\"http") && !html.contains("href=\"http"), "{html}");
    let again = app.get("/").await;
    assert!(!again.header("content-security-policy").contains(nonce), "a nonce is used once");
}

#[tokio::test]
async fn a_problems_type_leads_to_its_explanation() {
    let app = TestApp::on(TestStore::sqlite().await);
    let problem = app.get("/nowhere").await.json();
    let address = problem["type"].as_str().unwrap();
    let (page, fragment) = address.split_once('#').unwrap();
    let html = app.client.get(page).send().await.unwrap().text().await.unwrap();
    assert!(html.contains(&format!("id=\"{fragment}\"")));
    assert!(html.contains("No hay nada en esta dirección."));
}
