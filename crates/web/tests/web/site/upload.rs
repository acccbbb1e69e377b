//! Uploading from the site: by the plain form, and in parts with the session.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    site::browser::{Browser, PageAnswer as _},
    support::{Answer, Form, TestApp, clip},
};

/// What a page hands to its script.
fn data(answer: &Answer, id: &str) -> Value {
    let html = answer.text();
    let (_, rest) =
        html.split_once(&format!("<script type=\"application/json\" id=\"{id}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn closing(store: TestStore) -> TestApp {
    TestApp::with(store, |settings| {
        settings.showcase.submissions.opens_at = "2026-05-02T00:00:00Z".parse().ok();
        settings.showcase.submissions.closes_at = "2026-05-10T15:00:00Z".parse().ok();
    })
}

fn on_day(app: &TestApp, day: u8) {
    app.clock().set(format!("2026-05-{day:02}T12:00:00Z").parse().unwrap());
}

async fn begins(browser: &Browser<'_>, size: usize) -> Answer {
    let file = json!({ "title": "Mate", "size": size, "content_type": "video/mp4" });
    Answer::to(browser.own_request(Method::POST, "/api/uploads").json(&file)).await
}

on_each_database! {
    async fn the_page_brings_the_showcases_rules(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            settings.showcase.preset = anb_config::showcase::RulesPreset::Anb;
        });
        assert_eq!(Browser::new(&app).get("/upload").await.leads(), "/sign-in?next=%2Fupload");
        let page = Browser::of(&app, "Ana").await.get("/upload").await.ok();
        let rules = data(&page, "clip-rules");
        for (rule, limit) in [
            ("max_size_bytes", 1_000_000.0), ("min_duration_s", 20.0), ("max_duration_s", 60.0),
            ("min_lines", 1080.0), ("max_side", 4096.0), ("tolerance_s", 0.1),
        ] {
            assert_eq!(rules[rule].as_f64(), Some(limit), "{rule}");
        }
        assert_eq!(data(&page, "words")["upload-bytes"], "{sent} of {total}");
        page.shows("accept=\"video/*\"");
        page.shows("enctype=\"multipart/form-data\"");
        page.shows("1080");
    }

    async fn the_plain_form_takes_a_clip(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        let answer = ana.sends(Form::new().title(" Mate 🏀 ").file(clip(200_000))).await;
        assert_eq!(answer.leads(), "/me/videos?done=uploaded");
        let list = ana.get(answer.leads()).await.ok();
        list.shows("Mate 🏀");
        list.shows("data-status=\"pending\"");
        assert_eq!(app.files(), 1);
    }

    async fn what_is_refused_is_told_on_the_form_with_the_title(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        let titled = || Form::new().title("Mate");
        for (form, status, said) in [
            (titled().file(b"no video at all".to_vec()), 400, "not a video we can open"),
            (titled().file(Vec::new()), 400, "nothing in the file"),
            (titled().file(clip(1_100_000)), 400, "larger than the limit of 1 MB"),
            (titled(), 422, "Choose a video file."),
            (Form::new().file(clip(5_000)), 422, "Give it a title."),
            (Form::new().title(" ").file(clip(5_000)), 400, "a title of 1 to 120 characters"),
        ] {
            let answer = ana.sends(form).await;
            assert_eq!(answer.status, status, "{said}");
            answer.shows(said);
            answer.shows("id=\"upload-form\"");
        }
        let answer = ana.sends(titled().file(b"no video".to_vec())).await;
        answer.shows("value=\"Mate\"");
        app.nothing_is_left().await;
    }

    async fn outside_of_its_time_the_page_says_when(store: TestStore) {
        let app = closing(store);
        on_day(&app, 1);
        let ana = Browser::of(&app, "Ana").await;
        let early = ana.get("/upload").await.ok();
        early.shows("Videos are not taken yet");
        early.shows("datetime=\"2026-05-02T00:00:00Z\"");
        early.hides("id=\"upload-form\"");

        on_day(&app, 5);
        ana.get("/upload").await.ok().shows("id=\"upload-form\"");

        on_day(&app, 11);
        let late = ana.get("/upload").await.ok();
        late.shows("Videos are no longer taken");
        late.shows("datetime=\"2026-05-10T15:00:00Z\"");
        let sent = ana.sends(Form::new().title("Mate").file(clip(5_000))).await;
        assert_eq!(sent.status, 403);
        sent.shows("Videos are no longer taken");
        app.nothing_is_left().await;
    }

    async fn the_api_obeys_but_what_began_in_time_may_end(store: TestStore) {
        let app = closing(store);
        app.clock().set("2026-05-10T14:55:00Z".parse().unwrap());
        let luis = app.player("Luis").await;
        let upload = luis.begins("Mate", clip(2_500)).await;
        app.clock().advance(Duration::from_mins(10));

        assert_eq!(luis.announces("Tapón", 2_500).await.problem(), (403, "submissions_closed".into()));
        let form = Form::new().title("Tapón").file(clip(5_000));
        assert_eq!(luis.sends(form).await.problem(), (403, "submissions_closed".into()));

        let page = Browser::signed_in(&luis).await.get("/upload").await.ok();
        page.shows("Videos are no longer taken");
        page.shows("upload/page.js");
        upload.sends_all().await;
        assert_eq!(upload.completes().await.status, 201);
    }

    async fn the_session_sends_parts_and_no_other_site_can(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        let file = clip(2_500);
        let upload = begins(&ana, file.len()).await.ok().json();
        let path = format!("/api/uploads/{}", upload["upload_id"].as_str().unwrap());
        for part in upload["parts"].as_array().unwrap() {
            let at = |name: &str| usize::try_from(part[name].as_u64().unwrap()).unwrap();
            let bytes = file[at("offset")..at("offset") + at("size")].to_vec();
            let sent = app.client.put(part["url"].as_str().unwrap()).body(bytes);
            Answer::to(sent).await.ok();
        }
        let complete = format!("{path}/complete");
        for from in ["cross-site", "same-site"] {
            let request = ana.request(Method::POST, &complete).header("sec-fetch-site", from);
            assert_eq!(Answer::to(request).await.problem(), (403, "cross_site".into()));
        }
        let answer = Answer::to(ana.own_request(Method::POST, &complete)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        ana.get("/me/videos").await.ok().shows("data-status=\"pending\"");
    }
}

#[tokio::test]
async fn who_uploads_too_often_is_told_to_wait() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.uploads_per_minute = 1;
    });
    let ana = Browser::of(&app, "Ana").await;
    let form = || Form::new().title("Mate").file(clip(5_000));
    ana.sends(form()).await.leads();
    let answer = ana.sends(form()).await;
    assert_eq!(answer.status, 429);
    assert!(!answer.header("retry-after").is_empty());
    answer.shows("Wait a moment before you try again.");
    answer.shows("id=\"upload-form\"");
    assert_eq!(begins(&ana, 2_500).await.problem(), (429, "too_many_requests".into()));
}
