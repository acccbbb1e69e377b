//! What the platform depends on goes away, or never answers.

use std::time::{Duration, Instant};

use anb_domain::VideoId;
use anb_store::NewUpload;
use anb_testkit::{PostgresServer, TestStore, original};

use crate::support::{BrokenStorage, Player, TestApp};

/// Reached only by a failing test.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn while_the_database_is_out_clients_are_asked_to_come_back() {
    let server = PostgresServer::start();
    let app = TestApp::on(TestStore::on(&server).await);
    app.get("/api/public/videos").await.ok();

    server.stop();
    let answer = app.get_in("en", "/api/public/videos").await;
    assert_eq!(answer.problem(), (503, "database_unavailable".into()));
    assert_eq!(answer.header("retry-after"), "5");
    let ranking = app.get_in("en", "/api/public/rankings").await;
    assert_eq!(ranking.problem(), (503, "database_unavailable".into()));
    assert_eq!(app.get("/health").await.status, 200, "killing us would not help");

    server.start_again();
    let begun = Instant::now();
    while app.get("/api/public/videos").await.status != 200 {
        assert!(begun.elapsed() < PATIENCE, "the service needs a restart");
    }
}

/// A video that was accepted while storage still answered.
async fn an_older_video(ana: &Player<'_>) -> VideoId {
    let (store, now) = (&ana.app.store, anb_domain::Clock::now(ana.app.clock()));
    let new = NewUpload { owner: ana.id.parse().unwrap(), expires_at: now };
    let upload = store.begin_upload(new).await.unwrap();
    store.complete_upload(upload, original("Mate")).await.unwrap().unwrap().id
}

#[tokio::test]
async fn what_takes_us_too_long_is_not_the_clients_fault() {
    let builder = TestApp::builder(TestStore::sqlite().await).storage(BrokenStorage::Hangs);
    let app = builder.with(|settings| settings.web.request_timeout_s = 1).start();
    let ana = app.player("Ana").await;
    let video = an_older_video(&ana).await;
    let answer = ana.get(&format!("/api/videos/{video}")).await;
    assert_eq!(answer.problem(), (503, "out_of_time".into()));
}

#[tokio::test]
async fn a_deletion_does_not_wait_for_storage() {
    let store = TestStore::sqlite().await;
    let app = TestApp::builder(store).storage(BrokenStorage::Hangs).start();
    let ana = app.player("Ana").await;
    let video = an_older_video(&ana).await;
    ana.delete(&format!("/api/videos/{video}")).await.ok();
    assert_eq!(ana.get(&format!("/api/videos/{video}")).await.status, 404);
}
