//! What is left of an upload that breaks between two writes.
//!
//! `cargo test -p anb-web --features failpoints --test failpoints`

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "api/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the other tests use the rest")]
mod support;

use anb_testkit::TestStore;
use fail::FailScenario;
use support::{Form, TestApp, clip};

/// Fail points belong to the process: one story after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_between_two_writes_leaves_all_or_nothing() {
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
