//! A video on its way in.

use std::time::Duration;

use anb_domain::VideoId;
use anb_testkit::{TestStore, on_each_database};
use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Method, multipart::Part};

use crate::support::{Answer, BrokenStorage, Form, RawConnection, TestApp, clip};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn id_of(answer: &Answer) -> VideoId {
    answer.json()["video_id"].as_str().unwrap().parse().unwrap()
}

on_each_database! {
    async fn once_it_is_accepted_a_video_is_safe(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let clip = clip(900_000);

        let form = Form::new().title("  Triple desde el logo 🏀 ").file(clip.clone());
        let answer = Answer::to(ana.upload(form).header("traceparent", TRACEPARENT)).await;

        assert_eq!(answer.status, 201);
        let video = app.video(id_of(&answer)).await;
        insta::assert_json_snapshot!("upload", answer.json(), {
            ".video_id" => "[id]", ".task_id" => "[id]", ".user_id" => "[player]",
        });
        assert_eq!(answer.json()["user_id"], ana.id.as_str());
        assert_eq!(video.title, "Triple desde el logo 🏀");
        assert_eq!(video.status.to_string(), "pending");
        assert_eq!(video.size_bytes, Some(900_000));
        assert_eq!(video.content_type.as_deref(), Some("video/mp4"));

        let key = app.layout.original(video.id);
        let folder = tempfile::tempdir().unwrap();
        let stored = app.blobs.get_file(&key, &folder.path().join("original")).await.unwrap();
        assert_eq!(std::fs::read(folder.path().join("original")).unwrap(), clip);
        assert_eq!(video.sha256, Some(stored.sha256));

        let outbox = app.store.take_outbox(10, Duration::from_mins(1)).await.unwrap();
        let [entry] = outbox.as_slice() else { panic!("{outbox:?}") };
        assert_eq!(entry.video_id, video.id);
        assert_eq!(entry.traceparent.as_deref(), Some(TRACEPARENT));
        tokio::time::timeout(Duration::from_secs(1), app.outbox_wake.notified()).await.unwrap();
    }

    async fn what_is_refused_leaves_nothing_behind(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let good = || clip(5_000);
        let too_long = "á".repeat(121);
        let endless = "a".repeat(5_000);
        let cases: Vec<(&str, Form, (u16, &str))> = vec![
            ("blank title", Form::new().title(" ").file(good()), (400, "invalid_title")),
            ("blank title last", Form::new().file(good()).title(" "), (400, "invalid_title")),
            ("title too long", Form::new().file(good()).title(&too_long), (400, "invalid_title")),
            ("endless title", Form::new().file(good()).title(&endless), (400, "invalid_title")),
            ("no title", Form::new().file(good()), (422, "validation_failed")),
            ("no file", Form::new().title("Mate"), (422, "validation_failed")),
            ("nothing", Form::new().text("x", "y"), (422, "validation_failed")),
            ("two files", Form::new().title("Mate").file(good()).file_as("file", good()),
                (422, "validation_failed")),
            ("zero bytes", Form::new().title("Mate").file(Vec::new()), (400, "empty_file")),
            ("too large", Form::new().title("Mate").file(clip(1_000_001)), (400, "too_large")),
            ("far too large", Form::new().title("Mate").file(clip(9_000_000)), (400, "too_large")),
        ];
        for (what, form, (status, code)) in cases {
            let answer = ana.sends(form).await;
            assert_eq!(answer.problem(), (status, code.to_owned()), "{what}");
            assert_eq!(app.rows().await, 0, "{what}");
            assert_eq!(app.files(), 0, "{what}");
        }
    }

    async fn an_upload_that_is_cut_off_leaves_nothing_behind(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let mut connection = RawConnection::to(&app).await;
        connection.send(&half_an_upload(&app, &ana.token)).await;
        for _ in 0..200 {
            if app.rows().await == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(app.rows().await, 1, "the row comes before the object");
        drop(connection);
        app.nothing_is_left().await;
    }
}

/// The form works on S3 as it does on a folder.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_stored_in_a_bucket() {
    let app = TestApp::on_s3(TestStore::sqlite().await).await;
    let ana = app.player("Ana").await;
    let clip = clip(12_000_000);
    let answer = ana.sends(Form::new().title("Mate").file(clip.clone())).await;
    assert_eq!(answer.status, 201, "{}", answer.text());

    let video = app.video(id_of(&answer)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("original");
    let stored = app.blobs.get_file(&app.layout.original(video.id), &file).await.unwrap();
    assert!(std::fs::read(file).unwrap() == clip, "byte for byte");
    assert_eq!(video.sha256, Some(stored.sha256));
    let link = ana.get(&format!("/api/videos/{}", video.id)).await.json()["original_url"].clone();
    let read = app.client.get(link.as_str().unwrap()).send().await.unwrap();
    assert!(!link.as_str().unwrap().starts_with(&app.url("/")), "{link}");
    let disposition = read.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"Mate.mp4\""), "{disposition}");
    assert!(read.bytes().await.unwrap() == clip);

    ana.delete(&format!("/api/videos/{}", video.id)).await.ok();
    assert!(app.objects().await.is_empty());
    let text = ana.sends(Form::new().title("Mate").file(b"no video at all".to_vec())).await;
    assert_eq!(text.problem(), (400, "not_a_video".into()));
    let large = ana.sends(Form::new().title("Mate").file(crate::support::clip(20_000_001))).await;
    assert_eq!(large.problem(), (400, "too_large".into()));
    assert!(app.objects().await.is_empty());
    app.nothing_is_staged().await;
}

/// A good beginning, of which the rest never comes.
fn half_an_upload(app: &TestApp, token: &str) -> String {
    let head = String::from_utf8_lossy(&clip(60)).replace('\u{FFFD}', "x");
    let padding = "x".repeat(100_000);
    format!(
        "POST /api/videos/upload HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: 500000\r\n\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMate\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"video_file\"; filename=\"a.mp4\"\r\n\r\n\
         {head}{padding}",
        app.address
    )
}

#[tokio::test]
async fn what_is_no_video_is_refused_whatever_it_is_called() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let playlist = "#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n";
    let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>";
    let cases: [(&str, Vec<u8>); 7] = [
        ("text", b"words about basketball".to_vec()),
        ("zip", b"PK\x03\x04\x14\0\0\0\x08\0".repeat(100)),
        ("jpeg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01".repeat(100)),
        ("playlist", playlist.into()),
        ("concat script", b"ffconcat version 1.0\nfile '/etc/passwd'\n".to_vec()),
        ("svg", svg.into()),
        ("one byte", vec![0]),
    ];
    for (what, bytes) in cases {
        let answer = ana.sends(Form::new().title("Mate").file(bytes)).await;
        assert_eq!(answer.problem(), (400, "not_a_video".into()), "{what}");
        app.nothing_is_left().await;
    }
}

#[tokio::test]
async fn fields_come_in_any_order_and_unknown_ones_do_no_harm() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let forms = [
        Form::new().title("Mate").file(clip(5_000)),
        Form::new().file(clip(5_000)).title("Mate"),
        Form::new().title("Mate").file_as("file", clip(5_000)),
        Form::new().text("csrf", "x").file(clip(5_000)).text("note", "y").title("Mate"),
        Form::new().title("Mate").file(clip(1_000_000)),
        Form::new().title("Mate").file(clip(40)),
    ];
    for (index, form) in forms.into_iter().enumerate() {
        let answer = ana.sends(form).await;
        assert_eq!(answer.status, 201, "form {index}: {}", answer.text());
        assert_eq!(app.video(id_of(&answer)).await.title, "Mate");
    }
    assert_eq!(app.objects().await.len(), 6);
}

#[tokio::test]
async fn missing_parts_are_named_in_the_language_of_the_request() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let answer = ana.sends(Form::new().text("x", "y")).await;
    assert_eq!(answer.fields(), ["title", "video_file"]);

    for (language, expected) in [
        ("en", "The video is larger than the limit of 1 MB. Trim or compress it."),
        ("es", "El vídeo pesa más de 1 MB, el máximo. Recórtalo o comprímelo."),
    ] {
        let form = Form::new().title("Mate").file(clip(2_000_000));
        let answer = Answer::to(ana.upload(form).header("accept-language", language)).await;
        assert_eq!(answer.json()["detail"], expected);
    }
}

/// Nothing declares the size of a chunked body: the limit holds all the same.
#[tokio::test]
async fn an_endless_upload_is_stopped_at_the_limit() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let head = futures::stream::once(async { Bytes::from(clip(1_000)) });
    let pieces = futures::stream::repeat_with(|| Bytes::from(vec![7; 64 << 10])).take(400);
    let endless = head.chain(pieces).map(Ok::<_, std::io::Error>);
    let part = Part::stream(reqwest::Body::wrap_stream(endless));

    let answer = ana.sends(Form::new().title("Mate").part("video_file", part)).await;

    assert_eq!(answer.problem(), (400, "too_large".into()));
    assert_eq!(answer.header("connection"), "close");
    app.nothing_is_left().await;
}

#[tokio::test]
async fn an_upload_that_pauses_for_too_long_is_given_up() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.body_idle_timeout_s = 1;
    });
    let ana = app.player("Ana").await;
    let mut connection = RawConnection::to(&app).await;
    connection.send(&half_an_upload(&app, &ana.token)).await;
    let answer = connection.next(Duration::from_secs(5)).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"code\":\"upload_stalled\""), "{answer}");
    app.nothing_is_left().await;
}

#[tokio::test]
async fn too_many_uploads_at_once_are_asked_to_come_back() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.max_concurrent_uploads = 1;
    });
    let ana = app.player("Ana").await;
    let mut first = RawConnection::to(&app).await;
    first.send(&half_an_upload(&app, &ana.token)).await;
    while app.rows().await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    let second = ana.sends(Form::new().title("Mate").file(clip(500_000))).await;
    assert_eq!(second.problem(), (503, "too_many_uploads".into()));
    assert_eq!(second.header("retry-after"), "5");

    drop(first);
    app.nothing_is_left().await;
    ana.uploads("Mate").await;
}

#[tokio::test]
async fn what_is_no_form_is_refused_as_what_it_is() {
    let app = TestApp::on(TestStore::sqlite().await);
    let ana = app.player("Ana").await;
    let send = |content_type: &'static str, body: &'static str| {
        let request = ana.request(Method::POST, "/api/videos/upload");
        Answer::to(request.header("content-type", content_type).body(body))
    };
    let form = "multipart/form-data; boundary=XX";
    for (content_type, body, expected) in [
        ("application/json", "{}", (415, "unsupported_media_type")),
        ("multipart/form-data", "", (415, "unsupported_media_type")),
        (form, "", (400, "malformed_form")),
        (form, "no boundary at all", (400, "malformed_form")),
        (
            form,
            "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMa",
            (400, "malformed_form"),
        ),
    ] {
        let (status, code) = send(content_type, body).await.problem();
        assert_eq!((status, code.as_str()), expected, "{content_type} {body}");
    }
    app.nothing_is_left().await;
}

/// The whole body is on its way when the answer is clear already.
#[tokio::test]
async fn a_stranger_with_a_large_file_gets_an_answer() {
    let app = TestApp::on(TestStore::sqlite().await);
    let form = Form::new().title("Mate").file(clip(20_000_000));
    let request = app.client.post(app.url("/api/videos/upload")).multipart(form.0);
    assert_eq!(Answer::to(request).await.problem(), (401, "unauthenticated".into()));
}

#[tokio::test]
async fn when_storage_is_down_the_player_is_told_and_nothing_is_left() {
    for storage in [BrokenStorage::Unavailable, BrokenStorage::Full] {
        let app = TestApp::builder(TestStore::sqlite().await).storage(storage).start();
        let ana = app.player("Ana").await;
        let answer = ana.sends(Form::new().title("Mate").file(clip(5_000))).await;
        assert_eq!(answer.problem(), (503, "storage_unavailable".into()));
        assert!(!answer.text().contains("secret"), "{}", answer.text());
        // The object may be there for all we know: the row stays for the
        // reconciler, and nothing was promised.
        let rows = app.store.videos(None, 10, 0).await.unwrap().items;
        assert!(rows.iter().all(|video| video.status.to_string() == "uploading"));
    }
}

#[tokio::test]
async fn an_upload_under_way_finishes_while_the_service_stops() {
    let mut app = TestApp::on(TestStore::sqlite().await);
    let served = app.served.take().unwrap();
    let ana = app.player("Ana").await;
    let (mut sender, pieces) = futures::channel::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
    sender.send(Ok(clip(5_000).into())).await.unwrap();
    let part = Part::stream(reqwest::Body::wrap_stream(pieces));
    let form = Form::new().title("Mate").part("video_file", part);
    let upload = tokio::spawn(Answer::to(ana.upload(form)));
    while app.rows().await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    app.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    sender.send(Ok(vec![1; 5_000].into())).await.unwrap();
    drop(sender);

    assert_eq!(upload.await.unwrap().status, 201);
    tokio::time::timeout(Duration::from_secs(3), served).await.unwrap().unwrap().unwrap();
}
