//! What is left of an upload that breaks between two writes.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "web/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the other tests use the rest")]
mod support;

use anb_testkit::TestStore;
use fail::FailScenario;
use support::{Answer, Form, Parts, Player, TestApp, clip};
use tokio::sync::Mutex;

/// Fail points belong to the process: one story after the other.
static TURN: Mutex<()> = Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_between_two_writes_leaves_all_or_nothing() {
    let _turn = TURN.lock().await;
    let scenario = FailScenario::setup();
    for store in [TestStore::sqlite().await, TestStore::postgres().await] {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        for point in ["web::upload::row_written", "web::upload::object_written"] {
            fail::cfg(point, "panic").unwrap();
            let answer = ana.sends(Form::new().title("Mate").file(clip(5_000))).await;
            fail::remove(point);
            assert_eq!(answer.problem(), (500, "internal".into()), "{point}");
            app.nothing_is_left().await;
        }

        // Committed: the player may be told of an error, the video is kept.
        fail::cfg("web::upload::completed", "panic").unwrap();
        let answer = ana.sends(Form::new().title("Mate").file(clip(5_000))).await;
        fail::remove("web::upload::completed");
        assert_eq!(answer.problem(), (500, "internal".into()));
        let videos = ana.get("/api/videos").await.ok().json();
        assert_eq!(videos[0]["status"], "pending");
        assert_eq!((app.rows().await, app.files()), (1, 1));
    }
    scenario.teardown();
}

/// Dies at `point`: nothing runs after it, and nothing is cleaned up.
async fn dying_at(point: &str, answer: impl Future<Output = Answer>) {
    fail::cfg(point, "panic").unwrap();
    let answer = answer.await;
    fail::remove(point);
    assert_eq!(answer.problem(), (500, "internal".into()), "{point}");
}

async fn all_sent<'a>(ana: &'a Player<'a>) -> Parts<'a> {
    let upload = ana.begins("Mate", clip(2_500)).await;
    upload.sends_all().await;
    upload
}

async fn is_accepted_once(app: &TestApp, upload: &Parts<'_>) {
    for _ in 0..2 {
        assert_eq!(upload.completes().await.status, 201);
    }
    let video = app.video(upload.id.parse().unwrap()).await;
    assert_eq!(video.status.to_string(), "pending");
    assert_eq!(app.objects().await, [app.layout.original(video.id)]);
    let entries = app.store.take_outbox(10, std::time::Duration::from_mins(1)).await.unwrap();
    assert_eq!(entries.len(), 1, "one message");
    app.nothing_is_staged().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_in_parts_goes_on_after_a_death() {
    let _turn = TURN.lock().await;
    let scenario = FailScenario::setup();
    for point in ["web::parts::joined", "web::parts::completed"] {
        for store in [TestStore::sqlite().await, TestStore::postgres().await] {
            let app = TestApp::on(store);
            let ana = app.player("Ana").await;
            let mut upload = all_sent(&ana).await;

            dying_at(point, upload.completes()).await;

            upload.reload().await;
            assert_eq!(upload.arrived(), [1, 2, 3], "{point}: nothing is sent again");
            is_accepted_once(&app, &upload).await;
        }
    }
    scenario.teardown();
}

/// What is left then, and how the reconciler clears it away, is told with the
/// worker's stories.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_died_while_it_began_is_begun_again() {
    let _turn = TURN.lock().await;
    let scenario = FailScenario::setup();
    for point in ["web::parts::row_written", "web::parts::begun"] {
        for store in [TestStore::sqlite().await, TestStore::postgres().await] {
            let app = TestApp::on(store);
            let ana = app.player("Ana").await;

            dying_at(point, ana.announces("Mate", 2_500)).await;

            assert_eq!(app.rows().await, 1, "no object without a row");
            assert_eq!(ana.get("/api/uploads").await.ok().json(), serde_json::json!([]));
            let upload = all_sent(&ana).await;
            assert_eq!(upload.completes().await.status, 201);
        }
    }
    scenario.teardown();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giving_an_upload_up_goes_on_after_a_death() {
    let _turn = TURN.lock().await;
    let scenario = FailScenario::setup();
    for store in [TestStore::sqlite().await, TestStore::postgres().await] {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;

        let upload = all_sent(&ana).await;
        dying_at("web::parts::aborted", upload.gives_up()).await;
        assert_eq!(app.rows().await, 1, "the row tells of it until it is gone");
        assert_eq!(ana.get(&upload.path()).await.problem(), (404, "upload_not_found".into()));
        assert_eq!(upload.completes().await.problem(), (404, "upload_not_found".into()));
        assert_eq!(upload.gives_up().await.status, 204);
        app.nothing_is_left().await;

        // Joined, never accepted, then given up: an object without a row is
        // the sweep's.
        let upload = all_sent(&ana).await;
        dying_at("web::parts::joined", upload.completes()).await;
        dying_at("web::parts::abandoned", upload.gives_up()).await;
        assert_eq!((app.rows().await, app.objects().await.len()), (0, 1));
        assert_eq!(upload.completes().await.problem(), (404, "upload_not_found".into()));
    }
    scenario.teardown();
}
