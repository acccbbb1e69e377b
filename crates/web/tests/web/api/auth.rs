//! Accounts: sign up, log in, look, leave.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

fn ana() -> Value {
    json!({
        "first_name": "Ana", "last_name": "Ruiz", "email": "Ana@Example.com",
        "password1": "aro-tablero-red", "password2": "aro-tablero-red",
        "city": "Bogotá", "country": "Colombia",
    })
}

fn ana_with(field: &str, value: impl Into<Value>) -> Value {
    let mut body = ana();
    body[field] = value.into();
    body
}

async fn signs_up(app: &TestApp, body: &Value) -> Answer {
    app.post("/api/auth/signup", body).await
}

async fn logs_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.post("/api/auth/login", &json!({ "email": email, "password": password })).await
}

on_each_database! {
    async fn a_person_signs_up_logs_in_and_is_known(store: TestStore) {
        let app = TestApp::on(store);

        let profile = signs_up(&app, &ana()).await;
        assert_eq!(profile.status, 201);
        insta::assert_json_snapshot!("signup", profile.json(), { ".id" => "[id]" });

        let login = logs_in(&app, " ana@example.COM", "aro-tablero-red").await.ok().json();
        insta::assert_json_snapshot!("login", login, { ".access_token" => "[token]" });

        let me = app.client.get(app.url("/api/auth/me/"));
        let me = Answer::to(me.bearer_auth(login["access_token"].as_str().unwrap())).await.ok();
        assert_eq!(me.json(), profile.json());
    }

    async fn an_address_can_be_taken_only_once_in_whatever_case(store: TestStore) {
        let app = TestApp::on(store);
        signs_up(&app, &ana()).await.ok();
        let again = signs_up(&app, &ana_with("email", "ANA@example.com")).await;
        insta::assert_json_snapshot!("email_taken", again.json(), {
            ".request_id" => "[id]", ".type" => "[type]",
        });
        assert_eq!(again.status, 400);
    }

    async fn a_wrong_password_and_an_unknown_address_look_the_same(store: TestStore) {
        let app = TestApp::on(store);
        signs_up(&app, &ana()).await.ok();
        let mut answers = Vec::new();
        for (email, password) in [
            ("ana@example.com", "canasta-de-tres"),
            ("luis@example.com", "canasta-de-tres"),
            ("no address at all", "canasta-de-tres"),
        ] {
            let answer = logs_in(&app, email, password).await;
            assert_eq!(answer.problem(), (401, "invalid_credentials".into()));
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            let mut body = answer.json();
            body["request_id"] = Value::Null;
            answers.push(body);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }

    async fn who_leaves_is_unknown_and_the_address_is_free_again(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let luis = app.player("Luis").await;
        let video = ana.has_published("Mate").await;
        luis.votes_for(video).await.ok();

        assert_eq!(ana.delete("/api/auth/me").await.status, 204);

        assert_eq!(ana.get("/api/auth/me").await.problem(), (401, "unauthenticated".into()));
        assert_eq!(app.get(&format!("/api/public/videos/{video}")).await.status, 404);
        app.player("Ana").await;
    }
}

#[tokio::test]
async fn a_weak_or_mistyped_password_is_refused() {
    let app = TestApp::on(TestStore::sqlite().await);
    let both = |password: &str| {
        let mut body = ana_with("password1", password);
        body["password2"] = password.into();
        body
    };
    let long = "aro-tablero-red-".repeat(17);
    for (body, code) in [
        (ana_with("password2", "aro-tablero-rojo"), "passwords_differ"),
        (both("x7$kQ!2"), "password_too_weak"),
        (both("password"), "password_too_weak"),
        (both("12345678"), "password_too_weak"),
        (both("ana@example.com"), "password_too_weak"),
        (both(&long), "password_too_long"),
    ] {
        assert_eq!(signs_up(&app, &body).await.problem(), (400, code.into()), "{body}");
    }
}

#[tokio::test]
async fn every_field_that_is_missing_or_malformed_is_named_at_once() {
    let app = TestApp::on(TestStore::sqlite().await);
    let body = json!({
        "first_name": "  ", "last_name": 7, "email": "ana@", "password1": null,
        "city": "x".repeat(81),
    });
    for language in ["es", "en"] {
        let request = app.client.post(app.url("/api/auth/signup")).json(&body);
        let answer = Answer::to(request.header("accept-language", language)).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.header("content-language"), language);
        insta::assert_json_snapshot!(format!("signup_invalid_{language}"), answer.json(), {
            ".request_id" => "[id]", ".type" => "[type]",
        });
    }
    assert_eq!(signs_up(&app, &json!({})).await.fields().len(), 7);
    assert_eq!(logs_in_with(&app, &json!({})).await.fields(), ["email", "password"]);
}

async fn logs_in_with(app: &TestApp, body: &Value) -> Answer {
    app.post("/api/auth/login", body).await
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_as_what_it_is() {
    let app = TestApp::on(TestStore::sqlite().await);
    let send = |content_type: &'static str, body: String| {
        let request = app.client.post(app.url("/api/auth/login"));
        Answer::to(request.header("content-type", content_type).body(body))
    };
    let json = "application/json";
    let huge = format!("{{\"email\":\"{}\"}}", "a".repeat(9_000_000));
    for (content_type, body, expected) in [
        (json, "{\"email\":".to_owned(), (400, "malformed_json")),
        (json, "[1,2]".to_owned(), (422, "validation_failed")),
        (json, "{\"email\":\"a\",\"email\":\"b\"}".to_owned(), (422, "validation_failed")),
        ("text/plain", ana().to_string(), (415, "unsupported_media_type")),
        (json, huge, (413, "body_too_large")),
    ] {
        let (status, code) = send(content_type, body.clone()).await.problem();
        assert_eq!((status, code.as_str()), expected, "{body:.40}");
    }
}

#[tokio::test]
async fn a_token_is_good_until_it_expires() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.auth.access_token_expire_minutes = 5;
    });
    let ana = app.player("Ana").await;
    app.clock().advance(Duration::from_secs(299));
    assert_eq!(ana.get("/api/auth/me").await.status, 200);
    app.clock().advance(Duration::from_secs(1));
    let late = ana.get("/api/auth/me").await;
    assert_eq!(late.problem(), (401, "unauthenticated".into()));
    assert_eq!(late.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn without_a_good_token_nothing_that_is_a_players_can_be_reached() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let video = ana.uploads("Mate").await;
    let forged = format!("{}x", ana.token);
    for header in ["", "Bearer", "Bearer x.y.z", "Basic YW5h", &format!("Bearer {forged}")] {
        for (method, path) in [
            (Method::GET, "/api/auth/me".to_owned()),
            (Method::DELETE, "/api/auth/me".to_owned()),
            (Method::POST, "/api/videos/upload".to_owned()),
            (Method::GET, "/api/videos".to_owned()),
            (Method::GET, format!("/api/videos/{video}")),
            (Method::GET, format!("/api/videos/{video}/events")),
            (Method::DELETE, format!("/api/videos/{video}")),
            (Method::POST, format!("/api/public/videos/{video}/vote")),
            (Method::DELETE, format!("/api/public/videos/{video}/vote")),
            (Method::GET, format!("/api/public/videos/{video}/vote-status")),
        ] {
            let request = app.client.request(method.clone(), app.url(&path));
            let answer = Answer::to(request.header("authorization", header)).await;
            assert_eq!(answer.problem(), (401, "unauthenticated".into()), "{method} {path}");
        }
    }
}
