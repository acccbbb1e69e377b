//! Texts of users that would be scripts, if a page let them.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    people::{ANA, Person},
    site::Site,
};

/// Ends whatever it may stand in, and marks the page where it has become part
/// of it.
const NASTY: &str = "</title></script>\"'><img src=x data-xss onerror=window.xss=1>{{7*7}}";

const WRITER: Person = Person { email: "nasty@example.com", ..ANA };

#[tokio::test]
async fn what_people_write_stays_text_on_every_page() {
    let site = Site::empty(&[]).await;
    let (player, video) = nasty_player_and_video(&site).await;
    visit("escaping", &site, Device::DESKTOP, async |reader| {
        reader.signs_in(&WRITER).await;
        for path in [
            "/".to_owned(),
            format!("/videos/{video}"),
            "/rankings".to_owned(),
            format!("/players/{player}"),
            "/me".to_owned(),
            "/me/videos".to_owned(),
            format!("/me/videos/{video}/delete"),
        ] {
            reader.goes_to(&path).await;
            let shown = async || reader.text().await.to_lowercase().contains("data-xss");
            reader.until(&format!("{path} shows the text"), shown).await;
            stays_text(reader).await;
        }
        for path in [
            "/?q=",
            "/?city=",
            "/?country=",
            "/?sort=",
            "/?after=",
            "/?before=",
            "/rankings?city=",
            "/rankings?country=",
            "/sign-in?next=",
            "/?done=",
            "/?problem=",
            "/",
        ] {
            let address: String = reader
                .asks(&format!("{} + encodeURIComponent({})", json!(path), json!(NASTY)))
                .await;
            reader.goes_to(&address).await;
            stays_text(reader).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_in_a_form_stays_text() {
    let site = Site::empty(&[]).await;
    visit("escaping-form", &site, Device::DESKTOP, async |reader| {
        reader.goes_to("/sign-up").await;
        let _: bool = reader.asks("document.querySelector('main form').noValidate = true").await;
        for field in ["first_name", "last_name", "email", "city", "country"] {
            reader.writes(&format!("main [name={field}]"), NASTY).await;
        }
        reader.follows(crate::pages::SUBMIT).await;
        let typed = reader.sees("main [name=city]").await.prop("value").await.unwrap();
        assert_eq!(typed.as_deref(), Some(NASTY));
        stays_text(reader).await;
    })
    .await;
}

async fn stays_text(reader: &Browser) {
    let place = reader.place().await;
    assert_eq!(reader.count("[data-xss]").await, 0, "{place} lets a text become an element");
    assert!(reader.asks::<bool>("window.xss === undefined").await, "{place} runs a text");
    assert!(!reader.text().await.contains("=1>49"), "{place} calculates a text");
}

async fn nasty_player_and_video(site: &Site) -> (String, String) {
    let client = &site.api.client;
    let signup = json!({
        "first_name": NASTY, "last_name": NASTY, "email": WRITER.email, "city": NASTY, "country": NASTY,
        "password1": WRITER.password, "password2": WRITER.password,
    });
    let player = client.post(site.api.url("/api/auth/signup")).json(&signup);
    let player: Value = read(player).await;
    let token = site.token(&WRITER).await;
    let clip = Part::bytes(std::fs::read(clips::short()).unwrap()).file_name("a.mp4");
    let form = Form::new().text("title", NASTY).part("video_file", clip);
    let upload = client.post(site.api.url("/api/videos/upload")).bearer_auth(token);
    read(upload.multipart(form)).await;
    site.has_published(1).await;
    (player["id"].as_str().unwrap().to_owned(), site.video(NASTY).await)
}

async fn read(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let answer: Value = answer.json().await.unwrap();
    assert!(status.is_success(), "{answer}");
    answer
}
