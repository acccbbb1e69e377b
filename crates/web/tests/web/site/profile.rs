//! What everybody may know of a player.

use anb_testkit::{TestStore, on_each_database};

use crate::{site::browser::Browser, support::TestApp};

on_each_database! {
    async fn a_player_has_a_page_with_their_plays_and_place(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let eva = app.player_from("Eva", "Cali", "Colombia").await;
        let mate = ana.has_published("Mate <b>").await;
        ana.has_published("Triple").await;
        ana.uploads("Todavía no").await;
        let best = eva.has_published("Gancho").await;
        luis.votes_for(mate).await.ok();
        for voter in [&ana, &luis] {
            voter.votes_for(best).await.ok();
        }
        let html = app.get_in("en", &format!("/players/{}", ana.id)).await.ok().text();
        for expected in [
            "<h1>Ana Ruiz</h1>",
            "Bogotá, Colombia",
            "<dt>vote</dt>",
            "<dd class=\"figure\">#1</dd>",
            "in Bogotá",
            "<dd class=\"figure\">#2</dd>",
            "in Colombia",
            "2 plays",
            "Mate &#60;b&#62;",
            "Triple",
        ] {
            assert!(html.contains(expected), "{expected}: {html}");
        }
        for hidden in ["Todavía no", "Gancho", "example.com", "<b>&#60;"] {
            assert!(!html.contains(hidden), "{hidden}: {html}");
        }
    }

    async fn who_has_published_nothing_is_seen_by_nobody_else(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let page = format!("/players/{}", ana.id);
        let html = Browser::signed_in(&ana).await.reads(&page).await;
        assert!(html.contains("Only you see this page"), "{html}");
        let nobody = "/players/00000000-0000-0000-0000-000000000007";
        for path in [page.as_str(), nobody, "/players/7"] {
            let answer = Browser::signed_in(&luis).await.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.text().contains("Ruiz</h1>")), (404, false));
        }
    }
}

#[tokio::test]
async fn a_player_with_many_plays_has_many_pages() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    for number in 1..=25 {
        ana.has_published(&format!("Jugada {number}")).await;
    }
    let browser = Browser::new(&app);
    let page = format!("/players/{}", ana.id);
    let html = browser.reads(&page).await;
    assert!(html.contains("25 plays") && !html.contains("Jugada 1<"), "{html}");
    let (_, rest) = html.split_once(&format!("rel=\"next\" href=\"{page}")).unwrap();
    let next = format!("{page}{}", rest.split_once('"').unwrap().0);
    let html = browser.reads(&next).await;
    assert!(html.contains("Jugada 1<") && html.contains("rel=\"prev\""), "{html}");
}
