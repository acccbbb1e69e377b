//! The database goes away and comes back.

use std::time::{Duration, Instant};

use anb_testkit::{PostgresServer, TestStore};

use crate::support::TestApp;

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
    assert_eq!(app.get("/health").await.status, 200, "killing us would not help");

    server.start_again();
    let begun = Instant::now();
    while app.get("/api/public/videos").await.status != 200 {
        assert!(begun.elapsed() < PATIENCE, "the service needs a restart");
    }
}
