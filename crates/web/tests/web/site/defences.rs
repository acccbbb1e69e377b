//! What other sites cannot make a visitor's browser do, and what a page may
//! load.

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::{
    site::browser::Browser,
    support::{Answer, Player, TestApp},
};

/// Every page that shows itself without being sent anything.
pub const PAGES: [&str; 11] = [
    "/",
    "/?sort=votes",
    "/rankings",
    "/rules",
    "/privacy",
    "/problems",
    "/me",
    "/me/delete",
    "/me/videos",
    "/upload",
    "/nowhere",
];

on_each_database! {
    async fn forms_of_other_sites_are_refused(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Triple").await;
        let luis = Browser::of(&app, "Luis").await;
        let vote = format!("/videos/{video}/vote");
        let forms = [
            vote.as_str(), "/sign-in", "/sign-up", "/sign-out", "/language", "/upload", "/me/delete",
        ];
        for (header, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("accept", "text/html"),
        ] {
            for path in forms {
                let form = [("action", "cast"), ("to", "en"), ("back", "/")];
                let request = luis.request(Method::POST, path).header(header, value).form(&form);
                let refused = Answer::to(request).await;
                assert_eq!(refused.status, 403, "{path} with {header}: {value}");
                assert!(refused.text().contains("From another site"), "{path}");
            }
        }
        assert!(luis.cookies.contains_key("anb_session"), "nobody was signed out");
        let shown = app.get(&format!("/api/public/videos/{video}")).await.ok();
        assert_eq!(shown.json()["votes"], 0);
    }

    async fn a_session_changes_nothing_for_another_site(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Triple").await;
        let luis = Browser::of(&app, "Luis").await;
        let vote = format!("/api/public/videos/{video}/vote");
        for (method, path) in
            [(Method::POST, vote.as_str()), (Method::DELETE, "/api/auth/me")]
        {
            let request = luis.request(method, path).header("origin", "https://evil.example");
            assert_eq!(Answer::to(request).await.problem(), (403, "cross_site".into()), "{path}");
        }
        let own = luis.request(Method::POST, &vote).header("sec-fetch-site", "same-origin");
        assert_eq!(Answer::to(own).await.ok().json()["total_votes"], 1);
        // A token is no cookie: whoever has it may be anywhere.
        let token = ana.request(Method::DELETE, "/api/auth/me");
        let token = token.header("origin", "https://elsewhere.example");
        assert_eq!(token.send().await.unwrap().status(), 204);
    }
}

#[tokio::test]
async fn every_page_runs_only_scripts_and_styles_of_ours() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = Browser::of(&app, "Ana").await;
    let player = app.player("Luis").await;
    let video = player.has_published("Mate <script>alert(1)</script>").await;
    let (video, profile) = (format!("/videos/{video}"), format!("/players/{}", player.id));
    for visitor in [&mut Browser::new(&app), &mut { ana }] {
        for path in PAGES.into_iter().chain(["/sign-in", "/sign-up", &video, &profile]) {
            let page = visitor.get(path).await;
            if page.status == 303 {
                continue;
            }
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
            has_a_strict_policy(path, page.header("content-security-policy"));
            assert_eq!(page.header("x-content-type-options"), "nosniff");
            assert_eq!(page.header("x-frame-options"), "DENY");
            assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin");
            has_nothing_inline(path, &page.text());
        }
    }
}

fn has_a_strict_policy(path: &str, policy: &str) {
    for directive in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(
            policy.split("; ").any(|found| found == directive),
            "{directive}, {path}: {policy}"
        );
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
}

fn has_nothing_inline(path: &str, html: &str) {
    let lower = html.to_lowercase();
    for script in lower.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(
            tag.contains("src=\"/assets/") || tag.contains("application/json"),
            "{path}: {tag}"
        );
    }
    for inline in ["<style", " style=\"", " onclick=", " onload=", "javascript:", "mate <script>"] {
        assert!(!lower.contains(inline), "{inline} in {path}");
    }
}

#[tokio::test]
async fn pages_may_load_from_storage_where_its_links_lead() {
    let app = TestApp::on_s3(TestStore::sqlite().await).await;
    let policy = app.get("/").await.header("content-security-policy").to_owned();
    let player: Player<'_> = app.player("Ana").await;
    let video = player.has_published("Triple").await;
    let shown = app.get(&format!("/api/public/videos/{video}")).await.ok().json();
    let link: url::Url = shown["processed_url"].as_str().unwrap().parse().unwrap();
    let origin = link.origin().ascii_serialization();
    for directive in ["img-src", "media-src", "connect-src"] {
        let found = policy.split("; ").find(|found| found.starts_with(directive)).unwrap();
        assert!(found.ends_with(&origin), "{origin} in {found}");
    }
    let scripts = policy.split("; ").find(|found| found.starts_with("script-src"));
    assert_eq!(scripts, Some("script-src 'self'"), "nothing from storage runs");
}
