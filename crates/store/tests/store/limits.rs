//! PostgreSQL gives up on us rather than wait for ever.

use std::time::Duration;

use anb_store::{Db, DbOptions, Limits, StoreError};
use anb_testkit::Postgres;
use sea_orm::{ConnectionTrait as _, DbErr, TransactionTrait as _};

const SHORT: Duration = Duration::from_millis(300);
const NEVER: Duration = Duration::ZERO;
const NO_LIMITS: Limits = Limits { statement: NEVER, lock: NEVER, idle_in_transaction: NEVER };

async fn connect(url: &str, limits: Limits) -> Db {
    let options = DbOptions {
        url: url.into(),
        max_connections: 4,
        acquire_timeout: Duration::from_secs(30),
        limits,
        ..DbOptions::default()
    };
    Db::connect(&options).await.unwrap()
}

fn is_transient(error: DbErr) -> bool {
    StoreError::from(error).is_transient()
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_given_up() {
    let url = Postgres::blank_database().await;
    let db = connect(&url, Limits { statement: SHORT, ..NO_LIMITS }).await;
    let error = db.writer().execute_unprepared("SELECT pg_sleep(60)").await.unwrap_err();
    assert!(error.to_string().contains("statement timeout"), "{error}");
    assert!(is_transient(error));
    db.writer().execute_unprepared("SELECT 1").await.unwrap();
}

#[tokio::test]
async fn a_lock_is_not_waited_for_for_ever() {
    let url = Postgres::blank_database().await;
    let db = connect(&url, Limits { lock: SHORT, ..NO_LIMITS }).await;
    db.writer().execute_unprepared("CREATE TABLE t (n int)").await.unwrap();
    let holder = db.begin().await.unwrap();
    holder.execute_unprepared("LOCK TABLE t").await.unwrap();

    let error = db.writer().execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap_err();

    assert!(error.to_string().contains("lock timeout"), "{error}");
    assert!(is_transient(error));
}

#[tokio::test]
async fn the_locks_of_one_who_fell_silent_are_freed() {
    let url = Postgres::blank_database().await;
    let db = connect(&url, Limits { idle_in_transaction: SHORT, ..NO_LIMITS }).await;
    db.writer().execute_unprepared("CREATE TABLE t (n int)").await.unwrap();
    let silent = db.begin().await.unwrap();
    silent.execute_unprepared("LOCK TABLE t").await.unwrap();

    db.writer().execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap();

    assert!(is_transient(silent.commit().await.unwrap_err()), "and it is told so");
    db.writer().execute_unprepared("SELECT 1").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_waits_for_another_one_without_limits() {
    let url = Postgres::blank_database().await;
    let limits = Limits { statement: SHORT, lock: SHORT, idle_in_transaction: SHORT };
    let (db, other) = (connect(&url, limits).await, connect(&url, NO_LIMITS).await);
    let migrates = other.writer().begin().await.unwrap();
    let key = i64::from_be_bytes(*b"anb-migr");
    migrates.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({key})")).await.unwrap();

    let waiting = tokio::spawn(async move { db.migrate().await.map(|()| db) });
    tokio::time::sleep(SHORT * 4).await;
    assert!(!waiting.is_finished(), "the other one goes first");
    migrates.commit().await.unwrap();

    waiting.await.unwrap().unwrap().check().await.unwrap();
}

#[tokio::test]
async fn a_server_that_only_reads_is_no_server_for_us() {
    let url = Postgres::blank_database().await;
    let db = connect(&url, NO_LIMITS).await;
    let name = url.split(['/', '?']).find(|part| part.starts_with("anb_test_")).unwrap();
    let demote = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    db.writer().execute_unprepared(&demote).await.unwrap();

    let options = DbOptions { url, acquire_timeout: Duration::from_secs(1), ..Default::default() };
    let error = Db::connect(&options).await.err().unwrap();

    assert!(error.is_transient(), "it may be promoted");
    assert!(error.to_string().contains("only reads"), "{error}");
}

#[tokio::test]
async fn why_there_is_no_connection_is_told() {
    let options = DbOptions {
        url: "postgres://anb:swordfish@127.0.0.1:1/anb".into(),
        acquire_timeout: Duration::from_millis(200),
        ..DbOptions::default()
    };
    let error = Db::connect(&options).await.err().unwrap();
    assert!(error.is_transient());
    let said = error.to_string();
    assert!(said.contains("refused") && !said.contains("swordfish"), "{said}");
}
