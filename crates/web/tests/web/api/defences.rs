//! Clients that mean no good.

use std::time::Duration;

use anb_testkit::TestStore;
use anb_web::Code;
use reqwest::header::HeaderMap;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Answer, RawConnection, TestApp};

async fn logs_in_via(app: &TestApp, forwarded: &str) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("x-forwarded-for", forwarded.parse().unwrap());
    let body = json!({ "email": "ana@example.com", "password": "guess" });
    Answer::to(app.client.post(app.url("/api/auth/login")).headers(headers).json(&body)).await
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_for_each_address() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.logins_per_minute = 2;
        settings.web.trusted_proxies = 1;
    });
    // What a client writes itself stands further left: it changes nothing.
    for (forwarded, status) in [
        ("9.9.9.1, 1.2.3.4", 401),
        ("9.9.9.2, 1.2.3.4", 401),
        ("9.9.9.3, 1.2.3.4", 429),
        ("1.2.3.4, 1.2.3.5", 401),
        ("2001:db8::1", 401),
        ("2001:db8::2", 401),
        ("2001:db8::3", 429),
        ("2001:db8:0:1::1", 401),
    ] {
        assert_eq!(logs_in_via(&app, forwarded).await.status, status, "{forwarded}");
    }
    let refused = logs_in_via(&app, "1.2.3.4").await;
    assert_eq!(refused.problem(), (429, "too_many_requests".into()));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn without_a_proxy_a_forged_address_buys_no_more_tries() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.logins_per_minute = 1;
        settings.web.signups_per_minute = 1;
    });
    assert_eq!(logs_in_via(&app, "1.1.1.1").await.status, 401);
    assert_eq!(logs_in_via(&app, "2.2.2.2").await.status, 429);
    assert_eq!(app.post("/api/auth/signup", &json!({})).await.status, 422);
    assert_eq!(app.post("/api/auth/signup", &json!({})).await.status, 429);
}

#[tokio::test]
async fn a_request_head_that_never_ends_is_cut_off() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.header_timeout_s = 1;
    });
    for beginning in ["", "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut slow = RawConnection::to(&app).await;
        slow.send(beginning).await;
        let (_, after) = slow.until_closed().await;
        assert!(after < Duration::from_secs(5), "{beginning:?}: {after:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.header_timeout_s = 1;
    });
    let mut idle = RawConnection::to(&app).await;
    idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let (answer, after) = idle.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(after > Duration::from_millis(500) && after < Duration::from_secs(5), "{after:?}");
}

#[tokio::test]
async fn a_huge_request_head_is_refused() {
    let app = TestApp::on(TestStore::sqlite().await);
    let mut huge = RawConnection::to(&app).await;
    let header = format!("X-Huge: {}\r\n", "x".repeat(20_000));
    huge.send(&format!("GET /health HTTP/1.1\r\nHost: x\r\n{header}\r\n")).await;
    let answer = huge.next(Duration::from_secs(5)).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");

    let mut many = RawConnection::to(&app).await;
    let headers = "X: y\r\n".repeat(200);
    many.send(&format!("GET /health HTTP/1.1\r\nHost: x\r\n{headers}\r\n")).await;
    let answer = many.next(Duration::from_secs(5)).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_given_up() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.request_timeout_s = 1;
    });
    let mut slow = RawConnection::to(&app).await;
    slow.send(
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{\"email\":",
    )
    .await;
    let answer = slow.next(Duration::from_secs(5)).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains(Code::RequestTimeout.as_str()), "{answer}");
}

#[tokio::test]
async fn more_connections_than_allowed_wait_their_turn() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.max_connections = 1;
    });
    let request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut first = RawConnection::to(&app).await;
    first.send(request).await;
    assert!(first.next(Duration::from_secs(5)).await.starts_with("HTTP/1.1 200"));

    let mut second = RawConnection::to(&app).await;
    second.send(request).await;
    assert_eq!(second.next(Duration::from_millis(200)).await, "");
    drop(first);
    assert!(second.next(Duration::from_secs(5)).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn who_takes_no_bytes_gets_no_more() {
    use futures::StreamExt as _;
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.body_idle_timeout_s = 1;
    });
    let size = 32 << 20;
    let pieces = futures::stream::repeat_with(|| Ok(vec![7; 1 << 20].into())).take(32).boxed();
    app.blobs.put("processed/large", "video/mp4", pieces).await.unwrap();
    let options = anb_blob::LinkOptions {
        expires_in: Duration::from_mins(1),
        content_type: "video/mp4".into(),
        download_as: None,
    };
    let link = app.blobs.signed_link("processed/large", &options).await.unwrap();

    let mut lazy = RawConnection::to(&app).await;
    let target = format!("{}?{}", link.path(), link.query().unwrap());
    lazy.0.write_all(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut received = Vec::new();
    let _cut_off = lazy.0.read_to_end(&mut received).await;
    assert!(received.starts_with(b"HTTP/1.1 200") && received.len() < size, "{}", received.len());
}
