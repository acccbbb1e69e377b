//! What one application serves the other knows nothing of.

use anb_http::access::{Application, TABLE};
use reqwest::{StatusCode, redirect::Policy};

use crate::applications::showcase::Showcase;

/// Load balancers ask both.
const SHARED: [&str; 2] = ["/health", "/ready"];

/// The path of a row, as a browser could ask for it.
fn some(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn neither_application_serves_anything_of_the_other() {
    let showcase = Showcase::start();
    let client = anb_testkit::http().redirect(Policy::none()).build().unwrap();
    let status = async |base: &str, path: &str| {
        client.get(format!("{base}{path}")).send().await.unwrap().status()
    };
    let mut walked = [0, 0];
    for rule in TABLE.iter().filter(|rule| !SHARED.contains(&rule.path)) {
        let (own, other) = match rule.application {
            Application::Public => (&showcase.public, &showcase.console),
            Application::Console => (&showcase.console, &showcase.public),
        };
        let path = some(rule.path);
        let request = client.request(rule.method.clone(), format!("{other}{path}"));
        let elsewhere = request.header("origin", other).send().await.unwrap();
        assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND, "{path} at {other}");
        assert_eq!(rule.path.starts_with("/console"), *own == showcase.console, "{path}");
        walked[usize::from(*own == showcase.console)] += 1;
    }
    assert!(walked[0] > 50 && walked[1] > 50, "{walked:?}");
    for base in [&showcase.public, &showcase.console] {
        assert_eq!(status(base, "/health").await, StatusCode::OK);
        assert_eq!(status(base, "/ready").await, StatusCode::OK);
    }
    assert!(showcase.asks_for_health());
}
