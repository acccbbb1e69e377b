//! Clients that mean no good.

use std::time::Duration;

use anb_domain::{Role, VideoStatus};
use anb_testkit::TestStore;
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::{Answer, PASSWORD, TestConsole};

#[tokio::test]
async fn other_sites_cannot_act_in_an_operators_name() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let failed = console.failed_video("Mate").await;
    let olga = console.operator("Olga").await;
    let retry = format!("/console/videos/{}/retry", failed.id);
    let own = console.url("");
    let port = console.address.port();
    for headers in [
        vec![],
        vec![("origin", "https://evil.example.com".to_owned())],
        vec![("origin", "null".to_owned())],
        vec![("origin", format!("http://127.0.0.1:{}", port ^ 1))],
        // What the browser says of the site wins over what names look alike.
        vec![("origin", own.clone()), ("sec-fetch-site", "cross-site".to_owned())],
        vec![("origin", own.clone()), ("sec-fetch-site", "same-site".to_owned())],
    ] {
        let request = headers
            .iter()
            .fold(olga.form(&retry, &[]), |request, (name, value)| request.header(*name, value));
        let refused = Answer::to(request).await;
        assert_eq!(refused.status, 403, "{headers:?}");
        refused.shows("Nothing was done.");
        assert_eq!(console.status_of(failed.id).await, VideoStatus::Failed, "{headers:?}");
    }
    let genuine = olga.form(&retry, &[]).header("sec-fetch-site", "same-origin");
    assert_eq!(Answer::to(genuine).await.status, 303);
    assert_eq!(console.status_of(failed.id).await, VideoStatus::Pending);
}

#[tokio::test]
async fn nobody_is_signed_in_or_out_by_another_site() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    console.person("Olga", Role::Operator).await;
    let stranger = console.stranger();
    let credentials = [("email", "olga@example.com"), ("password", PASSWORD)];
    for (path, fields) in [("/console/sign-in", &credentials[..]), ("/console/sign-out", &[])] {
        let form = stranger.form(path, fields).header("origin", "https://evil.example.com");
        let refused = Answer::to(form).await;
        assert_eq!(refused.status, 403, "{path}");
        assert_eq!(refused.header("set-cookie"), "", "{path}");
    }
}

#[tokio::test]
async fn nothing_is_done_by_a_link() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let failed = console.failed_video("Mate").await;
    let olga = console.operator("Olga").await;
    for path in [
        &format!("/console/videos/{}/retry", failed.id),
        "/console/dead-letters/redrive",
        "/console/sign-out",
        "/console/language",
    ] {
        assert_eq!(olga.get(path).await.status, 405, "{path}");
    }
    assert_eq!(console.status_of(failed.id).await, VideoStatus::Failed);
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_for_each_address() {
    let console = TestConsole::with(TestStore::sqlite().await, |settings| {
        settings.console.logins_per_minute = 2;
        settings.console.trusted_proxies = 1;
    })
    .await;
    console.person("Olga", Role::Operator).await;
    let stranger = console.stranger();
    let tries = async |forwarded: &str, password: &str| {
        let fields = [("email", "olga@example.com"), ("password", password)];
        let form = stranger.form("/console/sign-in", &fields);
        let own = console.url("");
        Answer::to(form.header("origin", own).header("x-forwarded-for", forwarded)).await
    };
    for _ in 0..2 {
        assert_eq!(tries("1.2.3.4", "guess").await.status, 401);
    }
    let refused = tries("9.9.9.9, 1.2.3.4", PASSWORD).await;
    assert_eq!(refused.status, 429, "not even with the right one");
    refused.shows("Wait a minute before you try again.");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(tries("1.2.3.5", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn browsers_are_told_what_they_may_not_do() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let olga = console.operator("Olga").await;
    for path in ["/console", "/console/videos", "/console/sign-in", "/console/nowhere"] {
        let page = olga.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"),
            "{policy}"
        );
        for rule in [
            "script-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
        for foreign in ["<script>", "<style", " style=", " onclick=", "src=\"http", "href=\"http"] {
            page.hides(foreign);
        }
    }
}

#[tokio::test]
async fn a_form_that_is_none_and_one_that_is_huge_are_refused() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let stranger = console.stranger();
    let own = console.url("");
    let json = stranger.request(Method::POST, "/console/sign-in").header("origin", &own);
    let json = Answer::to(json.header("content-type", "application/json").body("{}")).await;
    assert_eq!(json.status, 415);
    json.shows("We do not understand the request.");
    let partial = stranger.form("/console/sign-in", &[("email", "olga@example.com")]);
    assert_eq!(Answer::to(partial.header("origin", &own)).await.status, 422);
    let huge = "x".repeat(17 << 10);
    let huge = stranger.form("/console/sign-in", &[("email", "a@b.co"), ("password", &huge)]);
    assert_eq!(Answer::to(huge.header("origin", &own)).await.status, 413);
}

#[tokio::test]
async fn a_request_head_that_never_ends_is_cut_off() {
    let console = TestConsole::with(TestStore::sqlite().await, |settings| {
        settings.console.header_timeout_s = 1;
    })
    .await;
    let mut slow = TcpStream::connect(console.address).await.unwrap();
    slow.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut received = Vec::new();
    let ended = timeout(Duration::from_secs(5), slow.read_to_end(&mut received)).await;
    assert!(ended.is_ok(), "the connection is left open");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_given_up() {
    let console = TestConsole::with(TestStore::sqlite().await, |settings| {
        settings.console.request_timeout_s = 1;
    })
    .await;
    let mut slow = TcpStream::connect(console.address).await.unwrap();
    slow.write_all(
        b"POST /console/sign-in HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: 100\r\n\
          Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=",
    )
    .await
    .unwrap();
    let mut received = vec![0; 64 << 10];
    let read = timeout(Duration::from_secs(5), slow.read(&mut received)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&received[..read]);
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
}
