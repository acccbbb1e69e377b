//! An account that is erased in the console is gone from the site, its API and
//! storage, even if everything dies in between.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use anb_domain::Role;
use anb_http::access::Application::{Console, Public};
use anb_testkit::Postgres;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::applications::{
    access::clip,
    people::{PASSWORD, Person, email_of},
    showcase::{Showcase, without_limits},
};

#[tokio::test]
async fn an_erased_account_leaves_nothing_behind_on_sqlite() {
    an_erased_account_leaves_nothing_behind(Vec::new()).await;
}

#[tokio::test]
async fn an_erased_account_leaves_nothing_behind_on_postgresql() {
    an_erased_account_leaves_nothing_behind(vec![(
        "DATABASE_URL",
        Postgres::fresh_database().await,
    )])
    .await;
}

async fn an_erased_account_leaves_nothing_behind(mut settings: Vec<(&'static str, String)>) {
    settings.extend(without_limits());
    // Nobody cleans up by chance before the plug is pulled.
    settings.push(("ANB_WORKER__RECONCILE_S", "86400".to_owned()));
    let mut showcase = Showcase::with(settings);
    let of_others = ana_comes_and_is_erased(&showcase).await;
    showcase.dies();
    let left: Vec<_> = showcase.objects().difference(&of_others).cloned().collect();
    assert!(!left.is_empty(), "the files go after the account");

    assert!(showcase.does(&["admin", "reconcile"]));

    assert_eq!(showcase.objects(), of_others);
}

/// Returns what lies in storage of others.
async fn ana_comes_and_is_erased(showcase: &Showcase) -> BTreeSet<PathBuf> {
    let luis = Person::player(showcase, "Luis").await;
    let adela = Person::new(showcase, "Adela", Role::Admin).await;
    let of_luis = luis.uploads(clip()).await;
    there_are_videos(&luis, 1).await;
    let of_others = showcase.objects();
    let mut ana = Person::player(showcase, "Ana").await;
    ana.uploads(clip()).await;
    there_are_videos(&luis, 2).await;
    let vote = format!("/api/public/videos/{of_luis}/vote");
    assert_eq!(ana.asks(Public, Method::POST, &vote).send().await.unwrap().status(), 200);
    sends_and_does_not_complete(&ana, showcase).await;
    assert_eq!(ranking(&luis).await, json!([["Luis Prueba", 1], ["Ana Prueba", 0]]));

    let form = [("confirm", "ana@example.com"), ("reason", "Asked for it")];
    let done = adela.posts(Console, &format!("/console/players/{}/erase", ana.id), &form).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);

    assert_eq!(ranking(&luis).await, json!([["Luis Prueba", 0]]));
    let log = adela.reads(Console, "/console/audit?action=player-erased").await;
    assert!(log.contains("Asked for it") && log.contains("Adela Prueba"), "{log}");
    nobody_comes_in(&mut ana, showcase).await;
    let newcomer = Person::player(showcase, "Ana").await;
    assert_ne!(newcomer.id, ana.id, "the address is free");
    assert_eq!(newcomer.json("/api/videos").await, json!([]));
    of_others
}

async fn there_are_videos(person: &Person<'_>, count: usize) {
    while person.json("/api/public/videos").await.as_array().unwrap().len() < count {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// An upload in parts, all of which arrive.
async fn sends_and_does_not_complete(person: &Person<'_>, showcase: &Showcase) {
    let before = showcase.objects();
    let (_, part) = person.begins_an_upload().await;
    let sent = person.asks(Public, Method::PUT, &part).body(vec![0; 1000]).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::OK, "{}", sent.text().await.unwrap());
    assert!(showcase.objects().len() > before.len(), "the part is in storage");
}

async fn nobody_comes_in(gone: &mut Person<'_>, showcase: &Showcase) {
    let me = gone.asks(Public, Method::GET, "/api/auth/me").send().await.unwrap();
    assert_eq!(me.status(), StatusCode::UNAUTHORIZED, "the session");
    assert_eq!(gone.signs_in("Ana").await.status(), StatusCode::UNAUTHORIZED, "the site");
    let credentials = json!({ "email": email_of("Ana"), "password": PASSWORD });
    let login = Client::new().post(format!("{}/api/auth/login", showcase.public));
    let refused = login.json(&credentials).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "the API");
}

/// Names and votes, as everybody sees them.
async fn ranking(person: &Person<'_>) -> Value {
    let page = person.json("/api/public/rankings").await;
    let lines = page["rankings"].as_array().unwrap().iter();
    lines.map(|line| json!([line["username"], line["votes"]])).collect()
}
