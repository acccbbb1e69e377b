//! Style sheets, scripts and pictures.

use std::collections::HashSet;

use anb_testkit::TestStore;
use reqwest::Method;

use crate::{site::browser::Browser, support::TestApp};

/// Addresses of files that a page names.
fn named(html: &str) -> HashSet<String> {
    let quoted = html.split('"').skip(1).step_by(2);
    quoted
        .filter(|text| ["/assets/", "/brand/"].iter().any(|at| text.contains(at)))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn what_pages_name_is_there_and_kept_for_ever() {
    let app = TestApp::on(TestStore::sqlite().await);
    let visitor = Browser::of(&app, "Ana").await;
    let mut files = HashSet::new();
    for path in super::defences::PAGES {
        files.extend(named(&visitor.get(path).await.text()));
    }
    assert!(files.iter().any(|path| path.ends_with("/style.css")), "{files:?}");
    for path in files {
        let file = visitor.get(&path).await;
        assert_eq!(file.status, 200, "{path}");
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable", "{path}");
        let kind = match path.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(file.header("content-type"), kind, "{path}");
    }
}

#[tokio::test]
async fn another_version_gets_the_file_and_may_not_keep_it() {
    let app = TestApp::on(TestStore::sqlite().await);
    let old = app.get("/assets/0123456789abcdef/site.css").await.ok();
    assert_eq!(old.header("cache-control"), "no-store");
    for path in ["/assets/0123456789abcdef/nothing.css", "/assets/0123456789abcdef/..%2fCargo.toml"]
    {
        assert_eq!(app.get(path).await.problem(), (404, "not_found".into()), "{path}");
    }
}

#[tokio::test]
async fn pages_and_their_files_travel_compressed_and_nothing_else_does() {
    let app = TestApp::on(TestStore::sqlite().await);
    let player = app.player("Ana").await;
    let video = player.has_published("Triple").await;
    let page = app.get("/").await.text();
    let style = named(&page).into_iter().find(|path| path.ends_with("/style.css")).unwrap();
    let visitor = Browser::new(&app);
    let packed = |path: String, accepted: &'static str| {
        let request = visitor.request(Method::GET, &path).header("accept-encoding", accepted);
        async move { request.send().await.unwrap() }
    };
    for path in ["/", "/nowhere", &style] {
        for encoding in ["br", "gzip"] {
            let answer = packed(path.to_owned(), encoding).await;
            assert_eq!(answer.headers()["content-encoding"], encoding, "{path}");
            assert!(answer.headers().get_all("vary").iter().any(|vary| vary == "accept-encoding"));
        }
        assert!(
            packed(path.to_owned(), "identity").await.headers().get("content-encoding").is_none()
        );
    }
    let whole = packed(style.clone(), "identity").await.bytes().await.unwrap().len();
    let small = packed(style, "br").await.bytes().await.unwrap().len();
    assert!(small * 3 < whole, "{small} of {whole} bytes");

    let shown = app.get(&format!("/api/public/videos/{video}")).await.ok().json();
    let clip = shown["processed_url"].as_str().unwrap().replace(&app.url(""), "");
    let events = format!("/api/videos/{video}/events?access_token={}", player.token);
    for path in [clip, events, "/api/public/videos".to_owned()] {
        let answer = packed(path.clone(), "gzip, br").await;
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.headers().get("content-encoding").is_none(), "{path}");
    }
}

#[tokio::test]
async fn the_brand_is_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.svg");
    std::fs::write(&logo, "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"copa\"/>").unwrap();
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.showcase.brand.color = "#123456".parse().unwrap();
        settings.showcase.brand.logo_svg = Some(logo);
        settings.showcase.name = "Copa Bogotá".into();
    });
    let page = app.get("/rules").await.ok().text();
    assert!(page.contains("<b>Copa Bogotá</b>"));
    let file = async |name: &str| {
        let path = named(&page).into_iter().find(|path| path.ends_with(name)).unwrap();
        app.get(&path).await.ok().text()
    };
    assert!(file("/brand.css").await.contains("--brand: #123456;"));
    assert!(file("/logo.svg").await.contains("id=\"copa\""));
    assert!(file("/favicon.svg").await.contains("#123456"));
    assert!(app.get("/favicon.ico").await.ok().text().contains("#123456"));
}

#[tokio::test]
async fn files_may_lie_elsewhere() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.site.assets_url = Some("https://static.example.com/anb/".parse().unwrap());
    });
    let page = app.get("/").await.ok();
    let policy = page.header("content-security-policy");
    for directive in ["script-src", "style-src", "img-src"] {
        let found = policy.split("; ").find(|found| found.starts_with(directive)).unwrap();
        assert!(found.contains(" https://static.example.com"), "{found}");
    }
    let html = page.text();
    assert!(html.contains("\"https://static.example.com/anb/") && !html.contains("\"/assets/"));
}

#[tokio::test]
async fn crawlers_are_told_what_is_not_for_them() {
    let app = TestApp::on(TestStore::sqlite().await);
    let robots = app.get("/robots.txt").await.ok();
    assert!(robots.header("content-type").starts_with("text/plain"));
    assert!(robots.text().contains("Disallow: /me\n"));
}
