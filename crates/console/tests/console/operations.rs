//! For load balancers, and for whoever runs the console.

use std::time::{Duration, Instant};

use anb_testkit::{PostgresServer, TestStore, on_each_database};
use tokio::{io::AsyncReadExt as _, net::TcpStream};

use crate::support::TestConsole;

on_each_database! {
    async fn all_is_well(store: TestStore) {
        let console = TestConsole::on(store).await;
        let stranger = console.stranger();
        let health = stranger.get("/health/").await.ok();
        assert_eq!(health.header("content-type"), "application/json");
        health.shows("\"status\":\"healthy\"");
        health.shows(env!("CARGO_PKG_VERSION"));
        let ready = stranger.get("/ready").await.ok();
        ready.shows("\"status\":\"ready\"");
        ready.shows("\"database\":\"ok\"");
        ready.shows("\"queue\":\"ok\"");
    }
}

#[tokio::test]
async fn who_is_not_ready_says_why_and_still_lives() {
    let console = TestConsole::without_queue(TestStore::sqlite().await).await;
    let ready = console.stranger().get("/ready").await;
    assert_eq!(ready.status, 503);
    ready.shows("\"queue\":\"error\"");
    ready.shows("\"database\":\"ok\"");
    console.stranger().get("/health").await.ok();
}

/// Of the public service there is nothing here; the other way round it is
/// tested with both, in `crates/cli/tests/cli/applications.rs`.
#[tokio::test]
async fn what_is_public_is_not_here() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let olga = console.operator("Olga").await;
    for path in ["/", "/docs", "/openapi.json", "/problems", "/api/videos", "/api/auth/login"] {
        let answer = olga.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        answer.shows(answer.header("x-request-id"));
        answer.shows("href=\"/console\"");
    }
}

#[tokio::test]
async fn while_the_database_is_out_operators_are_asked_to_come_back() {
    let server = PostgresServer::start();
    let console = TestConsole::on(TestStore::on(&server).await).await;
    let olga = console.operator("Olga").await;
    olga.get("/console").await.ok();
    server.stop();
    let out = olga.get("/console").await;
    assert_eq!(out.status, 503);
    assert!(!out.header("retry-after").is_empty());
    out.shows("Database unavailable");
    out.hides("postgres");
    console.stranger().get("/health").await.ok();
}

#[tokio::test]
async fn the_console_stops_in_time_whoever_is_still_connected() {
    let mut console = TestConsole::on(TestStore::sqlite().await).await;
    console.stranger().get("/health").await.ok();
    let mut idle = TcpStream::connect(console.address).await.unwrap();
    let started = Instant::now();
    console.shutdown.cancel();
    let served = console.served.take().unwrap();
    tokio::time::timeout(Duration::from_secs(10), served).await.unwrap().unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert!(TcpStream::connect(console.address).await.is_err());
    let mut rest = Vec::new();
    let _ended = idle.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
}
