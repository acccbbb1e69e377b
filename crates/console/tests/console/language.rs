//! Spanish and English.

use anb_domain::Language;
use anb_testkit::TestStore;

use crate::support::TestConsole;

#[tokio::test]
async fn the_browser_says_which_language_it_wants() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let mut browser = console.stranger();
    for (wanted, language, said) in [
        ("es-CO,es;q=0.9,en;q=0.1", Language::Es, "Correo electrónico"),
        ("en-GB", Language::En, "E-mail address"),
        ("fr", Language::Es, "Correo electrónico"),
    ] {
        browser.language = wanted;
        let page = browser.get("/console/sign-in").await.ok();
        page.shows(&format!("<html lang=\"{}\">", language.tag()));
        page.shows(said);
        assert_eq!(page.header("content-language"), language.tag());
    }
}

#[tokio::test]
async fn a_choice_wins_and_leads_back_to_the_page() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let mut olga = console.operator("Olga").await;
    let here = "/console/videos?status=failed&page=2";
    let page = olga.get(here).await.ok();
    page.shows("name=\"back\" value=\"/console/videos?status=failed&#38;page=2\"");
    page.shows("name=\"to\" value=\"es\"");

    let answer = olga.posts("/console/language", &[("to", "es"), ("back", here)]).await;
    assert_eq!(answer.leads_to(), here);
    assert!(answer.header("set-cookie").contains("Max-Age=31536000"));
    olga.get("/console").await.ok().shows("<html lang=\"es\">");
    olga.get("/console/nowhere").await.shows("No hay nada en esta dirección.");

    olga.posts("/console/language", &[("to", "en"), ("back", "/console")]).await;
    olga.get("/console").await.ok().shows("<html lang=\"en\">");
}

#[tokio::test]
async fn the_switch_leads_nobody_astray() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let mut browser = console.stranger();
    for back in ["https://evil.example.com", "//evil.example.com", "/console.evil.example.com"] {
        let answer = browser.posts("/console/language", &[("to", "es"), ("back", back)]).await;
        assert_eq!(answer.leads_to(), "/console", "{back}");
    }
    let klingon = browser.posts("/console/language", &[("to", "tlh"), ("back", "/console")]).await;
    assert_eq!(klingon.status, 400);
}
