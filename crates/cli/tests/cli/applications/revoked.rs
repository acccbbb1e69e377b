//! Sessions that are revoked in the console are over at the next request, at the
//! site, its API and the console; and who signs in after that is in again.

use anb_domain::Role;
use anb_http::access::Application::{Console, Public};
use anb_testkit::Postgres;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::applications::{
    people::{PASSWORD, Person, email_of},
    showcase::{Showcase, without_limits},
};

#[tokio::test]
async fn what_was_revoked_is_over_at_once_on_sqlite() {
    what_was_revoked_is_over_at_once(Vec::new()).await;
}

#[tokio::test]
async fn what_was_revoked_is_over_at_once_on_postgresql() {
    what_was_revoked_is_over_at_once(vec![("DATABASE_URL", Postgres::fresh_database().await)])
        .await;
}

async fn what_was_revoked_is_over_at_once(mut settings: Vec<(&'static str, String)>) {
    settings.extend(without_limits());
    let showcase = Showcase::with(settings);
    let mut olga = Person::new(&showcase, "Olga", Role::Operator).await;
    let luis = Person::player(&showcase, "Luis").await;
    let adela = Person::new(&showcase, "Adela", Role::Admin).await;
    let (token, of_luis) = (token(&showcase, "Olga").await, token(&showcase, "Luis").await);
    assert_eq!(whose(&showcase, &token).await, Ok(olga.id.clone()));
    assert_eq!(page_of(&olga).await, StatusCode::OK);
    olga.reads(Console, "/console").await;

    let revoke = format!("/console/players/{}/sessions", olga.id);
    assert_eq!(adela.posts(Console, &revoke, &[]).await.status(), StatusCode::SEE_OTHER);

    assert_eq!(whose(&showcase, &token).await, Err(StatusCode::UNAUTHORIZED));
    assert_eq!(page_of(&olga).await, StatusCode::SEE_OTHER, "led to sign in");
    let api = olga.asks(Public, Method::GET, "/api/auth/me").send().await.unwrap();
    assert_eq!(api.status(), StatusCode::UNAUTHORIZED, "the cookie opens the API no more");
    assert!(is_out_of_the_console(&olga).await);
    // Of others nothing was revoked.
    assert_eq!(whose(&showcase, &of_luis).await, Ok(luis.id.clone()));
    assert_eq!(page_of(&luis).await, StatusCode::OK);

    assert_eq!(whose(&showcase, &self::token(&showcase, "Olga").await).await, Ok(olga.id.clone()));
    assert_eq!(olga.signs_in("Olga").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(page_of(&olga).await, StatusCode::OK);
    a_role_taken_away_ends_the_session(&showcase, &adela).await;
}

/// In the console, and from the terminal.
async fn a_role_taken_away_ends_the_session(showcase: &Showcase, adela: &Person<'_>) {
    let julia = Person::new(showcase, "Julia", Role::Jury).await;
    let oscar = Person::new(showcase, "Oscar", Role::Operator).await;
    julia.reads(Console, "/console/jury").await;
    oscar.reads(Console, "/console").await;

    let role = format!("/console/players/{}/role", julia.id);
    let taken = adela.posts(Console, &role, &[("role", "player")]).await;
    assert_eq!(taken.status(), StatusCode::SEE_OTHER);
    assert!(showcase.does(&["admin", "user", "grant", "oscar@example.com", "player"]));

    for (name, person) in [("Julia", julia), ("Oscar", oscar)] {
        assert!(is_out_of_the_console(&person).await);
        assert_eq!(page_of(&person).await, StatusCode::OK, "on the site nothing changes");
        assert!(showcase.does(&["admin", "user", "grant", &email_of(name), "operator"]));
        assert!(is_out_of_the_console(&person).await, "a role wakes no session");
    }
}

async fn is_out_of_the_console(person: &Person<'_>) -> bool {
    let answer = person.asks(Console, Method::GET, "/console/account").send().await.unwrap();
    answer.headers().get("location").is_some_and(|place| place == "/console/sign-in")
}

/// What the account page of the site answers.
async fn page_of(person: &Person<'_>) -> StatusCode {
    person.asks(Public, Method::GET, "/me").send().await.unwrap().status()
}

async fn token(showcase: &Showcase, name: &str) -> String {
    let credentials = json!({ "email": email_of(name), "password": PASSWORD });
    let login = Client::new().post(format!("{}/api/auth/login", showcase.public));
    let answer: Value = login.json(&credentials).send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Whose token the API takes this for.
async fn whose(showcase: &Showcase, token: &str) -> Result<String, StatusCode> {
    let me = Client::new().get(format!("{}/api/auth/me", showcase.public)).bearer_auth(token);
    let answer = me.send().await.unwrap();
    if answer.status() != StatusCode::OK {
        return Err(answer.status());
    }
    Ok(answer.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned())
}
