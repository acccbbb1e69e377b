//! Files, by signed link.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::support::{Answer, TestApp};

/// A published video's link, and the bytes behind it.
async fn published(app: &TestApp) -> (String, String) {
    let ana = app.player("Ana").await;
    let video = ana.has_published("Mate").await;
    let shown = app.get(&format!("/api/public/videos/{video}")).await.ok().json();
    (shown["processed_url"].as_str().unwrap().to_owned(), format!("video.mp4 of {video}"))
}

async fn fetch(app: &TestApp, method: Method, link: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = app.client.request(method, link);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::to(request).await
}

async fn get(app: &TestApp, link: &str, headers: &[(&str, &str)]) -> Answer {
    fetch(app, Method::GET, link, headers).await
}

on_each_database! {
    async fn no_file_is_read_without_a_good_link(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.uploads("Secreto").await;
        let link = ana.get(&format!("/api/videos/{video}")).await.json()["original_url"].clone();
        let link = link.as_str().unwrap().to_owned();
        assert_eq!(get(&app, &link, &[]).await.status, 200);

        let (bare, _) = link.split_once('?').unwrap();
        let other = format!("uploads/{}/original", ana.uploads("Otro").await);
        let own = format!("uploads/{video}/original");
        for forged in [
            bare.to_owned(),
            format!("{bare}?signature=x"),
            link.replace("expires=1", "expires=9"),
            link.replace("type=video", "type=text"),
            link.replace("signature=", "signature=0"),
            link.replace(&own, &other),
            app.url("/media/..%2F..%2Fetc%2Fpasswd?expires=9999999999&type=text&signature=x"),
        ] {
            let answer = get(&app, &forged, &[]).await;
            assert_eq!(answer.problem(), (403, "link_invalid".into()), "{forged}");
        }

        app.clock().advance(Duration::from_mins(65));
        assert_eq!(get(&app, &link, &[]).await.problem(), (403, "link_expired".into()));
        let head = fetch(&app, Method::HEAD, &link, &[]).await;
        assert_eq!(head.status, 403);
    }

    async fn a_link_is_given_out_again_for_half_of_its_life(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        let path = format!("/api/public/videos/{video}");
        let poster = async || {
            let shown = app.get(&path).await.ok().json();
            shown["poster_url"].as_str().unwrap().to_owned()
        };
        let first = poster().await;
        let mut seen = Vec::new();
        for _ in 0..55 {
            let link = poster().await;
            let (_, expires) = link.split_once("expires=").unwrap();
            let expires: i64 = expires.split_once('&').unwrap().0.parse().unwrap();
            assert!(expires - anb_domain::Clock::now(app.clock()).timestamp() >= 1800);
            seen.push(link);
            app.clock().advance(Duration::from_mins(1));
        }
        assert_eq!(seen.iter().position(|link| *link != first), Some(30));
        seen.dedup();
        assert_eq!(seen.len(), 2, "one for each half hour");

        // No page gives out a link to what is gone, and the file is gone too.
        let link = poster().await;
        ana.delete(&format!("/api/videos/{video}")).await.ok();
        assert_eq!(app.get(&path).await.status, 404);
        assert_eq!(get(&app, &link, &[]).await.status, 404);
    }
}

#[tokio::test]
async fn a_player_seeks_in_a_video() {
    let app = TestApp::on(TestStore::sqlite().await);
    let (link, bytes) = published(&app).await;
    let size = bytes.len();

    let all = get(&app, &link, &[]).await;
    assert_eq!((all.status.as_u16(), all.text()), (200, bytes.clone()));
    assert_eq!(all.header("content-type"), "video/mp4");
    assert_eq!(all.header("content-disposition"), "inline");
    assert_eq!(all.header("accept-ranges"), "bytes");
    assert_eq!(all.header("content-length"), size.to_string());
    assert_eq!(all.header("x-content-type-options"), "nosniff");
    assert!(all.header("content-security-policy").starts_with("sandbox"));
    assert!(all.header("cache-control").starts_with("private"));

    let part = get(&app, &link, &[("range", "bytes=0-8")]).await;
    assert_eq!((part.status.as_u16(), part.text().as_str()), (206, "video.mp4"));
    assert_eq!(part.header("content-range"), format!("bytes 0-8/{size}"));
    let end = get(&app, &link, &[("range", "bytes=-4")]).await;
    assert_eq!((end.status.as_u16(), end.text().as_str()), (206, &bytes[size - 4..]));
    let rest = get(&app, &link, &[("range", "bytes=10-")]).await;
    assert_eq!(rest.text(), &bytes[10..]);

    let behind = get(&app, &link, &[("range", "bytes=5000-")]).await;
    assert_eq!(behind.problem(), (416, "range_not_satisfiable".into()));
    assert_eq!(behind.header("content-range"), format!("bytes */{size}"));
    let several = get(&app, &link, &[("range", "bytes=0-1,4-5")]).await;
    assert_eq!((several.status.as_u16(), several.text()), (200, bytes));
}

#[tokio::test]
async fn a_browser_asks_whether_anything_has_changed() {
    let app = TestApp::on(TestStore::sqlite().await);
    let (link, bytes) = published(&app).await;
    let head = fetch(&app, Method::HEAD, &link, &[]).await;
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length"), bytes.len().to_string());
    assert!(head.body.is_empty());
    let etag = head.header("etag").to_owned();
    assert!(etag.starts_with('"'), "{etag}");

    let known = get(&app, &link, &[("if-none-match", &etag)]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let same = get(&app, &link, &[("range", "bytes=0-4"), ("if-range", &etag)]).await;
    assert_eq!(same.status, 206);
    let other = get(&app, &link, &[("range", "bytes=0-4"), ("if-range", "\"old\"")]).await;
    assert_eq!((other.status.as_u16(), other.text()), (200, bytes));
}

#[tokio::test]
async fn a_good_link_to_a_file_that_is_gone_says_so() {
    let app = TestApp::on(TestStore::sqlite().await);
    let (link, _) = published(&app).await;
    for key in app.objects().await {
        app.blobs.delete(&key).await.unwrap();
    }
    assert_eq!(get(&app, &link, &[]).await.problem(), (404, "file_not_found".into()));
}
