//! For load balancers, operators and whoever writes a client.

use std::{collections::BTreeMap, sync::Arc};

use anb_queue::{Pulse, STALLED_AFTER};
use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, BrokenQueue, BrokenStorage, Form, TestApp, clip};

on_each_database! {
    async fn all_is_well(store: TestStore) {
        let app = TestApp::on(store);
        let health = app.get("/health/").await.ok().json();
        assert_eq!(health["status"], "healthy");
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        insta::assert_json_snapshot!("ready", app.get("/ready").await.ok().json());
    }
}

#[tokio::test]
async fn who_is_not_ready_says_why_and_still_lives() {
    let app = TestApp::builder(TestStore::sqlite().await)
        .storage(BrokenStorage::Unavailable)
        .queue(BrokenQueue)
        .start();
    let ready = app.get("/ready").await;
    assert_eq!(ready.status, 503);
    insta::assert_json_snapshot!("not_ready", ready.json());
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_worker_that_hears_nothing_from_its_queue_is_not_ready() {
    let store = TestStore::sqlite().await;
    let clock = store.clock.clone();
    let pulse = Arc::new(Pulse::new(clock.clone()));
    pulse.beat();
    let app = TestApp::builder(store).receiver(Arc::clone(&pulse)).start();
    assert_eq!(app.get("/ready").await.ok().json()["checks"]["receiving"], "ok");

    clock.advance(STALLED_AFTER);
    let ready = app.get("/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["checks"]["receiving"], "error");
    assert_eq!(ready.json()["checks"]["queue"], "ok", "its figures can be read");

    pulse.beat();
    assert_eq!(app.get("/ready").await.ok().json()["status"], "ready");
}

#[tokio::test]
async fn a_handler_that_panics_says_nothing_but_the_request_id() {
    let app = TestApp::builder(TestStore::sqlite().await).storage(BrokenStorage::Panics).start();
    let ana = app.player("Ana").await;
    let form = Form::new().title("Mate").file(clip(5_000));
    let answer = Answer::to(ana.upload(form).header("accept-language", "en")).await;
    assert_eq!(answer.status, 500);
    insta::assert_json_snapshot!("internal", answer.json(), {
        ".request_id" => "[id]", ".type" => "[type]",
    });
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    let app = TestApp::on(TestStore::sqlite().await);
    let nowhere = app.get_in("es", "/api/nowhere").await;
    assert_eq!(nowhere.problem(), (404, "not_found".into()));
    assert_eq!(nowhere.header("content-type"), "application/problem+json");
    assert_eq!(nowhere.json()["detail"], "No hay nada en esta dirección.");
    assert_eq!(nowhere.json()["type"], app.url("/problems#not_found"));

    let put = app.client.put(app.url("/health"));
    let put = Answer::to(put.header("accept-language", "en")).await;
    assert_eq!(put.problem(), (405, "method_not_allowed".into()));
    assert_eq!(put.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_request_is_named_by_us_and_not_by_its_client() {
    let app = TestApp::on(TestStore::sqlite().await);
    let request = app.client.get(app.url("/health")).header("x-request-id", "<script>");
    let first = Answer::to(request).await;
    let second = app.get("/health").await;
    for id in [first.header("x-request-id"), second.header("x-request-id")] {
        assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
    }
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn browsers_are_told_what_they_may_not_do() {
    let app = TestApp::on(TestStore::sqlite().await);
    for path in ["/", "/health", "/docs/", "/nowhere", "/problems"] {
        let answer = app.get(path).await;
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

/// What may change without anybody noticing: methods, parameters, statuses
/// and codes of each endpoint.
#[tokio::test]
async fn the_api_describes_itself() {
    let app = TestApp::on(TestStore::sqlite().await);
    let description = app.get("/openapi.json").await.ok().json();
    assert_eq!(description, serde_json::to_value(anb_web::openapi()).unwrap());
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));

    let mut summary = BTreeMap::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let secured = operation["security"].is_array();
            let responses = operation["responses"].as_object().unwrap();
            let responses: Vec<_> =
                responses.iter().map(|(status, response)| line(status, response)).collect();
            let key =
                format!("{} {path}{}", method.to_uppercase(), if secured { " 🔒" } else { "" });
            summary.insert(key, responses);
        }
    }
    insta::assert_json_snapshot!("openapi_summary", summary);
    assert_eq!(description["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
}

fn line(status: &str, response: &Value) -> String {
    let content = response["content"].as_object();
    let described = content.and_then(|content| content.iter().next());
    let Some((media_type, body)) = described else { return status.to_owned() };
    let codes = body["examples"].as_object().map(|codes| codes.keys().cloned().collect());
    let codes: Vec<String> = codes.unwrap_or_default();
    if codes.is_empty() {
        format!("{status} {media_type}")
    } else {
        format!("{status} {}", codes.join(" "))
    }
}

#[tokio::test]
async fn every_reference_in_the_description_leads_somewhere() {
    let description = serde_json::to_value(anb_web::openapi()).unwrap();
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[tokio::test]
async fn the_documentation_works_without_a_network() {
    let app = TestApp::on(TestStore::sqlite().await);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let redirect = client.build().unwrap().get(app.url("/docs")).send().await.unwrap();
    assert_eq!(redirect.headers()["location"], "/docs/");

    let page = app.get("/docs/").await.ok().text();
    assert!(!page.contains("//"), "nothing from elsewhere: {page}");
    for (file, content_type) in [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-initializer.js", "text/javascript"),
    ] {
        let answer = app.get(&format!("/docs/{file}")).await.ok();
        assert_eq!(answer.header("content-type"), content_type);
    }
    let start = app.get("/docs/swagger-initializer.js").await.text();
    assert!(start.contains("/openapi.json"), "{start}");
    assert_eq!(app.get("/docs/none.js").await.problem(), (404, "not_found".into()));
}

/// docs/api.md lists every code.
#[test]
fn the_handbook_knows_every_code() {
    let handbook = include_str!("../../../../../docs/api.md");
    for code in anb_web::Code::ALL {
        let row = format!("| `{}` | {} |", code.as_str(), code.status().as_u16());
        assert!(handbook.contains(&row), "{row}");
    }
}

#[tokio::test]
async fn head_answers_like_get_without_the_body() {
    let app = TestApp::on(TestStore::sqlite().await);
    let head = Answer::to(app.client.request(Method::HEAD, app.url("/health"))).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
}
