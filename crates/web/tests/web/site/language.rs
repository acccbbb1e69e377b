//! Spanish and English: what the browser asks for, and what somebody chooses.

use anb_testkit::{TestStore, on_each_database};

use crate::{site::browser::Browser, support::TestApp};

on_each_database! {
    async fn a_choice_wins_over_what_the_browser_asks_for(store: TestStore) {
        let app = TestApp::on(store);
        let mut visitor = Browser::new(&app);
        let asked = visitor.get_in("en-GB,en;q=0.9", "/rules").await.ok();
        assert!(asked.text().contains("<html lang=\"en\">"));
        assert_eq!(asked.header("content-language"), "en");
        assert!(asked.header("vary").contains("Accept-Language, Cookie"));

        let choice = [("to", "es"), ("back", "/rules?a=b")];
        let chosen = visitor.posts("/language", &choice).await;
        assert_eq!((chosen.status.as_u16(), chosen.header("location")), (303, "/rules?a=b"));
        let cookie = chosen.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

        let page = visitor.get_in("en", "/rules").await.ok().text();
        assert!(page.contains("<html lang=\"es\">") && page.contains("Fechas"), "{page}");
        // What a script asks for is said in the same language.
        let problem = visitor.get_in("en", "/api/nowhere").await.json();
        assert_eq!(problem["detail"], "No hay nada en esta dirección.");
    }
}

#[tokio::test]
async fn the_showcases_language_is_for_whoever_asks_for_none_of_ours() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.showcase.default_language = anb_domain::Language::En;
    });
    let mut visitor = Browser::new(&app);
    assert!(visitor.get_in("fr", "/").await.ok().text().contains("<html lang=\"en\">"));
    assert!(visitor.get_in("es-CO", "/").await.ok().text().contains("<html lang=\"es\">"));
}

#[tokio::test]
async fn the_switch_leads_nowhere_else_and_takes_only_our_languages() {
    let app = TestApp::on(TestStore::sqlite().await);
    let mut visitor = Browser::new(&app);
    for back in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let chosen = visitor.posts("/language", &[("to", "en"), ("back", back)]).await;
        assert_eq!((chosen.status.as_u16(), chosen.header("location")), (303, "/"), "{back}");
    }
    let refused = visitor.posts("/language", &[("to", "tlh"), ("back", "/")]).await;
    assert_eq!(refused.status, 400);
}
