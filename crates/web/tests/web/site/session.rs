//! Who is signed in.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::{
    site::browser::Browser,
    support::{Answer, TestApp},
};

const CREDENTIALS: [(&str, &str); 2] =
    [("email", "ana@example.com"), ("password", "aro-tablero-red")];

on_each_database! {
    async fn somebody_signs_up_is_known_and_signs_out(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        let page = ana.get_in("en", "/").await.ok().text();
        assert!(page.contains("Ana</a>") && page.contains("Sign out"), "{page}");
        // A script of ours needs no token besides.
        assert_eq!(ana.get("/api/auth/me").await.ok().json()["first_name"], "Ana");

        let out = ana.posts("/sign-out", &[]).await;
        assert_eq!((out.status.as_u16(), out.header("location")), (303, "/?done=signed-out"));
        assert!(!ana.cookies.contains_key("anb_session"));
        let page = ana.get_in("en", "/?done=signed-out").await.ok().text();
        assert!(page.contains("You are signed out.") && !page.contains("Ana</a>"), "{page}");
        assert_eq!(ana.get("/api/auth/me").await.problem(), (401, "unauthenticated".into()));
    }

    async fn an_account_that_is_gone_is_signed_in_nowhere(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        let origin = app.url("");
        let gone = ana.request(Method::DELETE, "/api/auth/me").header("origin", origin);
        assert_eq!(Answer::to(gone).await.status, 204);
        assert!(ana.get_in("en", "/").await.ok().text().contains("Sign in"));
        let sent = ana.get("/me/videos?page=2").await;
        assert_eq!(sent.status, 303);
        assert_eq!(sent.header("location"), "/sign-in?next=%2Fme%2Fvideos%3Fpage%3D2");
    }
}

#[tokio::test]
async fn no_script_and_no_other_site_gets_at_the_session() {
    let app = TestApp::on(TestStore::sqlite().await);
    Browser::of(&app, "Ana").await;
    let signed_in = Browser::new(&app).posts("/sign-in", &CREDENTIALS).await;
    assert_eq!(signed_in.status, 303);
    let cookie = signed_in.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"] {
        assert!(cookie.split("; ").any(|found| found == part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "the test speaks HTTP: {cookie}");
}

#[tokio::test]
async fn behind_tls_the_session_travels_over_tls_only() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.public_url = Some("https://anb.example.com".parse().unwrap());
        settings.site.session_days = 1;
    });
    Browser::of(&app, "Ana").await;
    let signed_in = Browser::new(&app).posts("/sign-in", &CREDENTIALS).await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.contains("; Secure") && cookie.contains("Max-Age=86400"), "{cookie}");
}

#[tokio::test]
async fn a_session_ends_and_opens_no_other_door() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = Browser::of(&app, "Ana").await;
    let session = ana.cookies["anb_session"].clone();
    let bearer = app.client.get(app.url("/api/auth/me")).bearer_auth(&session);
    assert_eq!(bearer.send().await.unwrap().status(), 401, "a session is no access token");
    // And an access token no session.
    let token = app.player("Luis").await.token;
    let mut luis = Browser::new(&app);
    luis.cookies.insert("anb_session".into(), token);
    assert_eq!(luis.get("/me").await.status, 303);

    app.clock().advance(Duration::from_hours(14 * 24));
    assert_eq!(ana.get("/me").await.status, 303, "after fourteen days");
}
