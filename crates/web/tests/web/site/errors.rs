//! What people see when something cannot be done.

use anb_testkit::{PostgresServer, TestStore, on_each_database};
use reqwest::Method;

use crate::{
    site::browser::{Browser, PageAnswer as _},
    support::{Answer, BrokenStorage, TestApp},
};

on_each_database! {
    async fn a_page_that_is_not_there_offers_a_way_on(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        for path in [
            "/nowhere",
            "/videos/nonsense",
            "/videos/0190a0b0-0000-7000-8000-000000000000",
            "/players/0190a0b0-0000-7000-8000-000000000000",
        ] {
            let page = ana.get_in("en", path).await;
            assert_eq!(page.status, 404, "{path}");
            let html = page.text();
            assert!(html.contains("<html lang=\"en\">") && html.contains("href=\"/rankings\""));
            assert!(html.contains(page.header("x-request-id")), "{path}: {html}");
            assert!(html.contains("Ana</a>"), "{path} knows who is signed in");
            assert!(!html.contains("Try again"), "{path}: it will not help");
        }
        assert!(ana.get_in("es", "/nowhere").await.text().contains("No hay nada en esta dirección"));
    }
}

#[tokio::test]
async fn programs_get_problems_and_people_pages() {
    let app = TestApp::on(TestStore::sqlite().await);
    let visitor = Browser::new(&app);
    for path in ["/api/nowhere", "/media/nothing", "/assets/1/nothing.js"] {
        let problem = visitor.get(path).await;
        assert_eq!(problem.header("content-type"), "application/problem+json", "{path}");
    }
    let problem = app.get("/nowhere").await;
    assert_eq!(problem.problem(), (404, "not_found".into()), "who does not ask for HTML");
    let request = visitor.request(Method::PUT, "/rules").header("sec-fetch-site", "same-origin");
    let page = Answer::to(request).await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (405, "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn a_database_that_is_out_leaves_a_page_that_says_so_and_nothing_of_ours() {
    let server = PostgresServer::start();
    let app = TestApp::on(TestStore::on(&server).await);
    let ana = Browser::of(&app, "Ana").await;
    server.stop();
    for path in ["/", "/rankings?city=Cali"] {
        let page = ana.get(path).await;
        assert_eq!((page.status.as_u16(), page.header("retry-after")), (503, "5"), "{path}");
        page.shows("Database unavailable");
        page.shows(&format!("href=\"{path}\">Try again"));
        page.shows(page.header("x-request-id"));
        page.hides("postgres");
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_a_page_that_says_nothing_of_it() {
    let builder = TestApp::builder(TestStore::sqlite().await).storage(BrokenStorage::Panics);
    let app = builder.start();
    let page = Browser::new(&app).get("/rules").await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (500, "private, no-cache"));
    page.shows("Internal error");
    page.shows("href=\"/rules\">Try again");
    page.shows(page.header("x-request-id"));
    page.hides("secret");
}

#[tokio::test]
async fn storage_that_never_answers_keeps_no_page_waiting() {
    let builder = TestApp::builder(TestStore::sqlite().await).storage(BrokenStorage::Hangs);
    let app = builder.start();
    let page = Browser::new(&app).get("/rules").await.ok();
    assert!(page.header("content-security-policy").contains("media-src 'self' blob:;"));
}

#[tokio::test]
async fn a_problems_type_leads_to_its_explanation() {
    let app = TestApp::on(TestStore::sqlite().await);
    let problem = app.get("/api/nowhere").await.json();
    let address = problem["type"].as_str().unwrap().strip_prefix(&app.url("")).unwrap();
    let (page, fragment) = address.split_once('#').unwrap();
    let page = Browser::new(&app).get_in("es", page).await.ok();
    page.shows(&format!("id=\"{fragment}\""));
    page.shows("No hay nada en esta dirección.");
}
