//! Uploads in parts, the same on every database and every storage.

use std::time::Duration;

use anb_domain::VideoId;
use anb_testkit::TestStore;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, BrokenQueue, BrokenStorage, Parts, RawConnection, TestApp, clip};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Makes a test of each function for every database and every storage.
macro_rules! on_each_storage {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: $kind:ty) $story:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($app: $kind) $story

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_and_folder() {
                story(TestApp::on(TestStore::sqlite().await)).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_and_folder() {
                story(TestApp::on(TestStore::postgres().await)).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_and_s3() {
                story(TestApp::on_s3(TestStore::sqlite().await).await).await;
            }
        }
    )+};
}

/// A clip of two whole parts and a half.
fn three_parts(app: &TestApp) -> Vec<u8> {
    clip(app.part_bytes * 5 / 2)
}

async fn video_of(app: &TestApp, upload: &Parts<'_>) -> anb_store::Video {
    app.video(upload.id.parse::<VideoId>().unwrap()).await
}

async fn original(app: &TestApp, upload: &Parts<'_>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("original");
    let key = app.layout.original(upload.id.parse().unwrap());
    app.blobs.get_file(&key, &file).await.unwrap();
    std::fs::read(file).unwrap()
}

/// How many messages wait to be sent.
async fn messages(app: &TestApp) -> u64 {
    app.store.outbox_backlog().await.unwrap().0
}

on_each_storage! {
    async fn a_file_arrives_in_parts_in_whatever_order(app: TestApp) {
        let ana = app.player("Ana").await;
        let file = three_parts(&app);
        let upload = ana.begins("  Triple desde el logo 🏀 ", file.clone()).await;

        for (part, size) in upload.view["parts"].as_array().unwrap().iter().zip([2, 2, 1]) {
            assert_eq!(part["size"], size * app.part_bytes / 2, "{}", upload.view);
            assert_eq!(part["uploaded"], false);
        }
        for number in [3, 1, 2] {
            upload.sends(number).await.ok();
        }
        let complete = ana.request(Method::POST, &format!("{}/complete/", upload.path()));
        let answer = Answer::to(complete.header("traceparent", TRACEPARENT)).await;

        assert_eq!(answer.status, 201, "{}", answer.text());
        let video = video_of(&app, &upload).await;
        let accepted = answer.json();
        assert_eq!(accepted["video_id"], upload.id.as_str());
        assert_eq!((&accepted["task_id"], &accepted["status"]), (&accepted["video_id"], &json!("pending")));
        assert_eq!(accepted["user_id"], ana.id.as_str());
        assert_eq!((video.title.as_str(), video.status.to_string().as_str()), ("Triple desde el logo 🏀", "pending"));
        assert_eq!(video.size_bytes, Some(file.len() as u64));
        assert_eq!(video.content_type.as_deref(), Some("video/mp4"));
        assert!(original(&app, &upload).await == file, "byte for byte");
        app.nothing_is_staged().await;

        let outbox = app.store.take_outbox(10, Duration::from_mins(1)).await.unwrap();
        let [entry] = outbox.as_slice() else { panic!("{outbox:?}") };
        assert_eq!(entry.video_id, video.id);
        assert_eq!(entry.traceparent.as_deref(), Some(TRACEPARENT));
        tokio::time::timeout(Duration::from_secs(1), app.outbox_wake.notified()).await.unwrap();
        let listed = ana.get("/api/videos").await.ok().json();
        assert_eq!(listed[0]["video_id"], upload.id.as_str());
    }

    async fn a_part_may_be_sent_again(app: TestApp) {
        let ana = app.player("Ana").await;
        let file = three_parts(&app);
        let upload = ana.begins("Mate", file.clone()).await;
        let garbage = vec![0; upload.bytes(1).len()];
        let first = upload.sends_instead(1, garbage).await.ok();
        let second = upload.sends(1).await.ok();
        assert_ne!(first.headers["etag"], second.headers["etag"]);
        upload.sends_all().await;

        upload.completes().await.ok();

        assert!(original(&app, &upload).await == file, "what was sent last counts");
    }

    async fn an_upload_is_resumed_after_a_reload(app: TestApp) {
        let ana = app.player("Ana").await;
        let file = three_parts(&app);
        let mut upload = ana.begins("Mate", file.clone()).await;
        upload.sends(2).await.ok();

        let listed = ana.get("/api/uploads").await.ok().json();
        assert_eq!(listed[0]["upload_id"], upload.id.as_str());
        assert_eq!((&listed[0]["title"], &listed[0]["size"]), (&json!("Mate"), &json!(file.len())));
        upload.reload().await;
        assert_eq!(upload.arrived(), [2]);
        assert_eq!(upload.part(2)["url"], Value::Null, "there is nothing to send");

        for number in [1, 3] {
            upload.sends(number).await.ok();
        }
        upload.reload().await;
        assert_eq!(upload.arrived(), [1, 2, 3]);
        upload.completes().await.ok();
        assert!(original(&app, &upload).await == file);
        assert_eq!(ana.get("/api/uploads").await.ok().json(), json!([]));
    }

    async fn what_has_not_arrived_is_named_and_can_be_sent(app: TestApp) {
        let ana = app.player("Ana").await;
        let upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends(2).await.ok();

        for _ in 0..2 {
            let answer = upload.completes().await;
            assert_eq!(answer.problem(), (409, "parts_missing".into()));
            assert_eq!(answer.json()["missing_parts"], json!([1, 3]));
        }
        assert_eq!((messages(&app).await, app.objects().await.len()), (0, 0));

        for number in [1, 3] {
            upload.sends(number).await.ok();
        }
        assert_eq!(upload.completes().await.status, 201);
    }

    async fn a_part_of_another_size_does_not_count(app: TestApp) {
        let ana = app.player("Ana").await;
        let mut upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends_all().await;
        let smaller = upload.bytes(3).split_off(1);
        upload.sends_instead(3, smaller).await;

        // Either it was refused and the one before counts, or it was taken and
        // is not what it should be.
        upload.reload().await;
        if upload.arrived() == [1, 2, 3] {
            upload.completes().await.ok();
        } else {
            let answer = upload.completes().await;
            assert_eq!(answer.problem(), (409, "parts_missing".into()));
            assert_eq!(answer.json()["missing_parts"], json!([3]));
        }
    }

    async fn what_is_no_video_leaves_nothing(app: TestApp) {
        let ana = app.player("Ana").await;
        let words = b"words about basketball ".repeat(app.part_bytes / 10);
        let upload = ana.begins("Mate", words).await;
        upload.sends_all().await;

        assert_eq!(upload.completes().await.problem(), (400, "not_a_video".into()));

        app.nothing_is_left().await;
        assert_eq!(messages(&app).await, 0);
        assert_eq!(upload.completes().await.problem(), (404, "upload_not_found".into()));
    }

    async fn completing_again_gives_the_same_answer(app: TestApp) {
        let ana = app.player("Ana").await;
        let mut upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends_all().await;
        let first = upload.completes().await;
        assert_eq!(first.status, 201);

        // Whatever has become of the video since.
        app.publishes(upload.id.parse().unwrap()).await;
        for _ in 0..2 {
            let again = upload.completes().await;
            assert_eq!((again.status, again.json()), (first.status, first.json()));
        }
        assert_eq!((app.rows().await, messages(&app).await), (1, 1));

        // A client that never got the answer finds out by itself.
        upload.reload().await;
        assert_eq!(upload.view["status"], "completed");
        assert_eq!(upload.arrived(), [1, 2, 3]);
    }

    async fn completing_many_times_at_once_makes_one_video(app: TestApp) {
        let ana = app.player("Ana").await;
        let file = three_parts(&app);
        for _ in 0..3 {
            let upload = ana.begins("Mate", file.clone()).await;
            upload.sends_all().await;
            let before = messages(&app).await;

            let answers = join_all((0..8).map(|_| upload.completes())).await;

            for answer in &answers {
                assert_eq!(answer.status, 201, "{}", answer.text());
                assert_eq!(answer.json(), answers[0].json());
            }
            assert_eq!(messages(&app).await, before + 1);
            assert!(original(&app, &upload).await == file);
        }
        assert_eq!((app.rows().await, app.objects().await.len()), (3, 3));
        app.nothing_is_staged().await;
    }

    async fn an_upload_is_given_up(app: TestApp) {
        let ana = app.player("Ana").await;
        let upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends(1).await.ok();

        assert_eq!(upload.gives_up().await.status, 204);

        app.nothing_is_left().await;
        let gone = (404, "upload_not_found".to_owned());
        assert_eq!(ana.get(&upload.path()).await.problem(), gone);
        assert_eq!(upload.completes().await.problem(), gone);
        assert_eq!(upload.gives_up().await.problem(), gone);
        // Here 404, as at S3; moto has another word for it.
        assert!(!upload.sends(2).await.status.is_success());
        app.nothing_is_left().await;
    }

    async fn what_is_complete_is_not_given_up(app: TestApp) {
        let ana = app.player("Ana").await;
        let upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends_all().await;
        upload.completes().await.ok();

        assert_eq!(upload.gives_up().await.problem(), (409, "upload_completed".into()));

        assert_eq!(video_of(&app, &upload).await.status.to_string(), "pending");
        assert_eq!(app.objects().await.len(), 1);
        ana.delete(&format!("/api/videos/{}", upload.id)).await.ok();
        assert_eq!(upload.completes().await.problem(), (404, "upload_not_found".into()));
    }

    /// Either the one or the other, and both are told the truth.
    async fn giving_up_and_completing_at_once_leave_all_or_nothing(app: TestApp) {
        let ana = app.player("Ana").await;
        for _ in 0..5 {
            let upload = ana.begins("Mate", three_parts(&app)).await;
            upload.sends_all().await;
            let (completed, given_up) = tokio::join!(upload.completes(), upload.gives_up());
            match (completed.status.as_u16(), given_up.status.as_u16()) {
                (201, 409) => {
                    let video = video_of(&app, &upload).await;
                    assert_eq!(video.status.to_string(), "pending");
                    assert_eq!(app.objects().await.len(), 1);
                    ana.delete(&format!("/api/videos/{}", upload.id)).await.ok();
                }
                (404, 204) => assert_eq!(app.objects().await.len(), 0),
                // Storage itself has stumbled over the two.
                (503, 204) => {
                    assert_eq!(upload.completes().await.status, 404);
                    assert_eq!(app.objects().await.len(), 0);
                }
                (completed, given_up) => panic!("{completed} and {given_up}"),
            }
            app.nothing_is_staged().await;
        }
    }

    async fn an_expired_upload_is_gone(app: TestApp) {
        let ana = app.player("Ana").await;
        let upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends_all().await;

        app.clock().advance(Duration::from_mins(30));

        let gone = (404, "upload_not_found".to_owned());
        assert_eq!(ana.get(&upload.path()).await.problem(), gone);
        assert_eq!(upload.completes().await.problem(), gone);
        assert_eq!(upload.gives_up().await.problem(), gone);
        assert_eq!(ana.get("/api/uploads").await.ok().json(), json!([]));
        assert_eq!(messages(&app).await, 0);
    }

    async fn nobody_else_gets_at_an_upload(app: TestApp) {
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let upload = ana.begins("Mate", three_parts(&app)).await;
        upload.sends_all().await;
        let complete = format!("{}/complete", upload.path());
        for completed in [false, true] {
            if completed {
                upload.completes().await.ok();
            }
            let not_owner = (403, "not_owner".to_owned());
            assert_eq!(luis.get(&upload.path()).await.problem(), not_owner);
            assert_eq!(luis.post(&complete).await.problem(), not_owner);
            assert_eq!(luis.delete(&upload.path()).await.problem(), not_owner);
            assert_eq!(luis.get("/api/uploads").await.ok().json(), json!([]));
            let stranger = (401, "unauthenticated".to_owned());
            assert_eq!(app.get(&upload.path()).await.problem(), stranger);
            assert_eq!(app.post(&complete, &json!({})).await.problem(), stranger);
            assert_eq!(app.get("/api/uploads").await.problem(), stranger);
        }
        for unknown in ["0190d5a4-5c3f-7c1e-9a52-0d5f0a6c7b11", "nonsense"] {
            let path = format!("/api/uploads/{unknown}");
            assert_eq!(ana.get(&path).await.problem(), (404, "upload_not_found".into()));
            assert_eq!(ana.delete(&path).await.problem(), (404, "upload_not_found".into()));
        }
    }
}

#[tokio::test]
async fn a_new_upload_is_told_all_that_a_client_needs() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let upload = ana.begins("Triple desde el logo", three_parts(&app)).await;
    insta::assert_json_snapshot!("upload_open", upload.view, {
        ".upload_id" => "[id]", ".video_id" => "[id]", ".parts[].url" => "[link]",
    });
}

#[tokio::test]
async fn what_cannot_be_uploaded_is_refused_before_it_is_sent() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let file = |title: Value, size: Value, content_type: Value| json!({ "title": title, "size": size, "content_type": content_type });
    let good = || (json!("Mate"), json!(5_000), json!("video/mp4"));
    let ((title, size, kind), too_long) = (good(), "á".repeat(121));
    let cases = [
        (json!({}), (422, "validation_failed"), vec!["title", "size", "content_type"]),
        (
            file(json!(1), json!("5000"), json!(true)),
            (422, "validation_failed"),
            vec!["title", "size", "content_type"],
        ),
        (file(title.clone(), json!(-1), kind.clone()), (422, "validation_failed"), vec!["size"]),
        (file(title.clone(), json!(1.5), kind.clone()), (422, "validation_failed"), vec!["size"]),
        (
            file(title.clone(), size.clone(), json!("movie")),
            (422, "validation_failed"),
            vec!["content_type"],
        ),
        (file(json!(" "), size.clone(), kind.clone()), (400, "invalid_title"), vec!["title"]),
        (file(json!(too_long), size.clone(), kind.clone()), (400, "invalid_title"), vec!["title"]),
        (file(title.clone(), json!(0), kind.clone()), (400, "empty_file"), vec![]),
        (file(title.clone(), json!(1_000_001), kind.clone()), (400, "too_large"), vec![]),
        (file(title.clone(), json!(u64::MAX), kind.clone()), (400, "too_large"), vec![]),
        (file(title.clone(), size.clone(), json!("image/png")), (400, "not_a_video"), vec![]),
    ];
    for (request, (status, code), fields) in cases {
        let answer = Answer::to(ana.request(Method::POST, "/api/uploads").json(&request)).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{request}");
        assert_eq!(answer.fields(), fields, "{request}");
    }
    assert_eq!(ana.announces("Mate", 1_000_000).await.status, 201, "the limit itself is fine");
    let stranger = app.post("/api/uploads", &file(title, size, kind)).await;
    assert_eq!(stranger.problem(), (401, "unauthenticated".into()));
}

#[tokio::test]
async fn a_player_has_only_so_many_uploads_open() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.max_open_uploads = 2;
        settings.web.uploads_per_minute = 5;
    });
    let ana = app.player("Ana").await;
    let first = ana.begins("Uno", clip(5_000)).await;
    ana.begins("Dos", clip(5_000)).await;
    let refused = ana.announces("Tres", 5_000).await;
    assert_eq!(refused.problem(), (409, "too_many_open_uploads".into()));

    first.gives_up().await.ok();
    ana.begins("Tres", clip(5_000)).await;
    ana.announces("Cuatro", 5_000).await;
    let hasty = ana.announces("Cinco", 5_000).await;
    assert_eq!(hasty.problem(), (429, "too_many_requests".into()));
    assert!(!hasty.header("retry-after").is_empty());
    app.player("Luis").await.begins("Uno", clip(5_000)).await;
}

#[tokio::test]
async fn a_link_is_good_for_one_part_of_one_upload() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let upload = ana.begins("Mate", three_parts(&app)).await;
    let other = ana.begins("Otro", three_parts(&app)).await;
    let link = upload.link(1).to_owned();
    let (bare, query) = link.split_once('?').unwrap();
    let (other_bare, _) = other.link(1).split_once('?').unwrap();
    for forged in [
        bare.to_owned(),
        format!("{bare}?signature=x"),
        format!("{}/2?{query}", bare.strip_suffix("/1").unwrap()),
        format!("{other_bare}?{query}"),
        link.replace("size=1000", "size=999"),
        link.replace("expires=1", "expires=2"),
        link.replace(&upload.id, &other.id),
        link.replace("signature=", "signature=0"),
        app.url("/media/parts/x"),
        app.url("/media/parts/x/1"),
    ] {
        let sent = upload.sends_to(&forged, upload.bytes(1)).await;
        assert_eq!(sent.problem(), (403, "link_invalid".into()), "{forged}");
    }
    let read = Answer::to(app.client.get(&link)).await;
    assert_eq!(read.problem(), (403, "link_invalid".into()), "it opens nothing");
    let video = ana.uploads("Fuera").await;
    let original = ana.get(&format!("/api/videos/{video}")).await.json()["original_url"].clone();
    let overwritten = upload.sends_to(original.as_str().unwrap(), clip(5_000)).await;
    assert_eq!(overwritten.problem(), (405, "method_not_allowed".into()), "and writes no object");

    upload.sends(1).await.ok();
    app.clock().advance(Duration::from_mins(30));
    let late = upload.sends(2).await;
    assert_eq!(late.problem(), (403, "link_expired".into()));
}

#[tokio::test]
async fn a_part_has_exactly_its_bytes() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let mut upload = ana.begins("Mate", three_parts(&app)).await;
    upload.sends(1).await.ok();
    for wrong in [0, 999, 1001, 3_000_000] {
        let declared = upload.sends_instead(1, vec![7; wrong]).await;
        assert_eq!(declared.problem(), (400, "wrong_part_size".into()), "{wrong} bytes");
        let pieces = futures::stream::iter([Ok::<_, std::io::Error>(vec![7; wrong])]);
        let streamed = app.client.put(upload.link(1)).body(reqwest::Body::wrap_stream(pieces));
        let streamed = Answer::to(streamed).await;
        assert_eq!(streamed.problem(), (400, "wrong_part_size".into()), "{wrong} bytes in chunks");
    }
    upload.reload().await;
    assert_eq!(upload.arrived(), [1], "the good one stays");
}

/// Sends the head of a `PUT` to the link, and the beginning of its body.
async fn half_a_part(app: &TestApp, link: &str) -> RawConnection {
    let url: url::Url = link.parse().unwrap();
    let mut connection = RawConnection::to(app).await;
    let target = format!("{}?{}", url.path(), url.query().unwrap());
    let head = format!("PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    connection.send(&head).await;
    connection.send(&"x".repeat(500)).await;
    connection
}

#[tokio::test]
async fn a_part_that_is_cut_off_leaves_the_one_before() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let mut upload = ana.begins("Mate", three_parts(&app)).await;
    upload.sends(1).await.ok();
    let before = app.files();
    let half = half_a_part(&app, upload.link(1)).await;
    while app.files() == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(half);
    while app.files() > before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    upload.reload().await;
    assert_eq!(upload.arrived(), [1]);
}

#[tokio::test]
async fn a_part_that_stalls_is_given_up() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.body_idle_timeout_s = 1;
    });
    let ana = app.player("Ana").await;
    let upload = ana.begins("Mate", three_parts(&app)).await;
    let mut slow = half_a_part(&app, upload.link(1)).await;
    let answer = slow.next(Duration::from_secs(20)).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("upload_stalled"), "{answer}");
}

#[tokio::test]
async fn too_many_parts_at_once_are_asked_to_come_back() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.max_concurrent_uploads = 1;
    });
    let ana = app.player("Ana").await;
    let upload = ana.begins("Mate", three_parts(&app)).await;
    let before = app.files();
    let first = half_a_part(&app, upload.link(1)).await;
    while app.files() == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = upload.sends(2).await;
    assert_eq!(second.problem(), (503, "too_many_uploads".into()));
    assert_eq!(second.headers["retry-after"], "5");
    drop(first);
    while app.files() > before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    upload.sends(2).await.ok();
}

#[tokio::test]
async fn when_storage_is_down_no_upload_is_opened() {
    let store = TestStore::sqlite().await;
    let app = TestApp::builder(store).storage(BrokenStorage::Unavailable).start();
    let ana = app.player("Ana").await;
    let answer = ana.announces("Mate", 5_000).await;
    assert_eq!(answer.problem(), (503, "storage_unavailable".into()));
    assert!(!answer.text().contains("secret"), "{}", answer.text());
    assert_eq!(app.rows().await, 0);
}

/// The queue is the relay's business: the message waits in the outbox.
#[tokio::test]
async fn when_the_queue_is_down_uploads_are_accepted_all_the_same() {
    for store in [TestStore::sqlite().await, TestStore::postgres().await] {
        let app = TestApp::builder(store).queue(BrokenQueue).start();
        let ana = app.player("Ana").await;
        let form = ana.uploads("Con formulario").await;
        let upload = ana.begins("Por partes", three_parts(&app)).await;
        upload.sends_all().await;
        assert_eq!(upload.completes().await.status, 201);

        let outbox = app.store.take_outbox(10, Duration::from_mins(1)).await.unwrap();
        let waiting: Vec<_> = outbox.iter().map(|entry| entry.video_id).collect();
        assert_eq!(waiting, [form, upload.id.parse().unwrap()]);
    }
}
