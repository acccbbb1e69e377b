//! One name for a request: from the load balancer's header to what the client
//! is told, and in the log.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use crate::{site::Site, support::api::free_port};

/// As an Application Load Balancer writes it.
const AMAZON: &str = "x-amzn-trace-id";

/// The n-th request's header, and the name that it stands for.
fn named(n: u32) -> (String, String) {
    let root = format!("Root=1-67891233-abcdef0123456789{n:08x}");
    (root, format!("67891233-abcd-ef01-2345-6789{n:08x}"))
}

fn header(response: &Response) -> String {
    response.headers()["x-request-id"].to_str().unwrap().to_owned()
}

/// Sends it through a balancer: what comes back, and by which name.
async fn through_balancer(n: u32, request: RequestBuilder) -> (Response, String) {
    let (root, name) = named(n);
    let response = request.header(AMAZON, root).send().await.unwrap();
    assert_eq!(header(&response), name);
    (response, name)
}

#[tokio::test]
async fn the_load_balancers_name_reaches_everybody() {
    let console = free_port();
    let site = Site::embedded()
        .set("ANB_WEB__TRUSTED_PROXIES", "1")
        .set("ANB_CONSOLE__TRUSTED_PROXIES", "1")
        .set("ANB_CONSOLE__LISTEN", &format!("127.0.0.1:{console}"));
    let run = site.start("run");
    site.is_up().await;
    let client = Client::new();
    let web = |method, path: &str| {
        client.request(method, format!("http://127.0.0.1:{}{path}", site.port()))
    };
    let mut names = Vec::new();

    let login = web(Method::POST, "/api/auth/login").header("content-type", "application/json");
    let problems = [
        (StatusCode::NOT_FOUND, web(Method::GET, "/api/nothing-here")),
        (StatusCode::UNAUTHORIZED, web(Method::GET, "/api/videos")),
        (StatusCode::PAYLOAD_TOO_LARGE, login.body(vec![b' '; 4 << 20])),
    ];
    for (n, (status, request)) in (0..).zip(problems) {
        let (response, name) = through_balancer(n, request).await;
        assert_eq!(response.status(), status);
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["request_id"], name.as_str());
        names.push(name);
    }

    let page = web(Method::GET, "/nothing-here").header("accept", "text/html");
    let (response, name) = through_balancer(10, page).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    names.push(name);

    let page = client.get(format!("http://127.0.0.1:{console}/console/nothing-here"));
    let (_, name) = through_balancer(11, page.header("accept", "text/html")).await;
    names.push(name);

    site.breaks("ALTER TABLE videos RENAME TO videos_gone").await;
    let (response, name) =
        through_balancer(12, web(Method::GET, "/api/public/videos?city=x")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["request_id"], name.as_str());
    names.push(name.clone());
    let page = web(Method::GET, "/?city=y").header("accept", "text/html");
    let (response, shown) = through_balancer(13, page).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(response.text().await.unwrap().contains(&shown), "the page of an error names it");
    names.push(shown);

    let log = run.log();
    for name in names {
        assert!(log.contains(&format!(r#""request_id":"{name}""#)), "{name} is not in the log");
    }
    let of_error = log.lines().find(|line| line.contains(r#""level":"ERROR""#)).unwrap();
    assert!(of_error.contains(&name), "the cause stands under the same name: {of_error}");
}

#[tokio::test]
async fn without_a_proxy_a_client_cannot_name_its_request() {
    let site = Site::embedded();
    let _web = site.start("web");
    site.is_up().await;
    let url = format!("http://127.0.0.1:{}/health", site.port());
    let (root, name) = named(7);
    let request = Client::new().get(url).header(AMAZON, root).header("x-request-id", &name);
    assert_ne!(header(&request.send().await.unwrap()), name);
}
