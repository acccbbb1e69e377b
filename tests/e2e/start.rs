//! Starting while the database is out.

use std::time::{Duration, Instant};

use anb_testkit::PostgresServer;

use crate::{site::Site, support::processes::Process};

/// A web process that has looked for its database in vain.
async fn waiting_web(site: &Site) -> Process {
    let (web, began) = (site.start("web"), Instant::now());
    while !web.log().contains("no database yet") {
        assert!(began.elapsed() < Duration::from_secs(20), "it says nothing");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    web
}

#[tokio::test]
async fn a_service_waits_for_its_database() {
    let server = PostgresServer::start();
    server.stop();
    let site = Site::on_postgres(&server.url("postgres"));
    let _web = waiting_web(&site).await;
    server.start_again();
    site.is_up().await;
    assert_eq!(site.get("/ready").await["status"], "ready");
}

#[tokio::test]
async fn a_service_that_waits_stops_when_told_to() {
    let server = PostgresServer::start();
    server.stop();
    let site = Site::on_postgres(&server.url("postgres"));
    let mut web = waiting_web(&site).await;
    web.terminate();
    web.exits_within(Duration::from_secs(5));
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let server = PostgresServer::start();
    server.stop();
    let site = Site::on_postgres(&server.url("postgres")).set("ANB_DATABASE__START_TIMEOUT_S", "1");
    let mut web = site.start("web");
    assert!(!web.exits_within(Duration::from_secs(20)).success());
    assert!(web.log().contains("the database is unavailable"), "{}", web.log());
}
