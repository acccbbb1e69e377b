use std::{os::unix::fs::PermissionsExt as _, time::Duration};

use anb_store::{Db, DbOptions, StoreError};
use anb_testkit::{Postgres, TestStore, on_each_database};
use futures::future::{join_all, try_join_all};
use sea_orm::ConnectionTrait as _;

/// `PRAGMA synchronous` where each commit is synced.
const FULL: i32 = 2;

async fn open(url: &str) -> Db {
    let options = DbOptions {
        url: url.into(),
        max_connections: 2,
        acquire_timeout: Duration::from_secs(30),
        ..DbOptions::default()
    };
    Db::connect(&options).await.unwrap()
}

async fn four_processes_migrate_at_once(url: &str) {
    let processes = join_all((0..4).map(|_| open(url))).await;
    for process in &processes {
        assert!(matches!(process.check().await, Err(StoreError::Outdated { .. })));
    }
    try_join_all(processes.iter().map(Db::migrate)).await.unwrap();
    for process in &processes {
        process.check().await.unwrap();
        process.migrate().await.unwrap();
    }
}

async fn an_older_version_works_with_a_newer_schema(url: &str) {
    let db = open(url).await;
    db.migrate().await.unwrap();
    db.writer()
        .execute_unprepared("INSERT INTO store_migrations VALUES ('m9999_from_the_future', 0)")
        .await
        .unwrap();
    db.check().await.unwrap();
    db.migrate().await.unwrap();

    db.writer()
        .execute_unprepared("DELETE FROM store_migrations WHERE version = 'm0005_outbox'")
        .await
        .unwrap();
    db.writer().execute_unprepared("DROP TABLE outbox").await.unwrap();
    db.migrate().await.unwrap();
    db.check().await.unwrap();
}

on_each_database! {
    async fn the_old_version_goes_on_while_the_schema_is_expanded(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.a_completed_video(&ana).await;

        for step in [
            "ALTER TABLE videos ADD COLUMN later TEXT",
            "ALTER TABLE attempts ADD COLUMN later BIGINT DEFAULT 0",
            "CREATE TABLE later (id BIGINT)",
            "INSERT INTO store_migrations VALUES ('m9999_later', 0)",
        ] {
            store.db().writer().execute_unprepared(step).await.unwrap();
        }

        store.db().check().await.unwrap();
        let video = store.a_completed_video(&ana).await;
        assert_eq!(store.attempts(video.id).await.unwrap().len(), 1);
        assert_eq!(store.videos_of(ana.id).await.unwrap().len(), 2);
        store.of_another_process().await.videos_of(ana.id).await.unwrap();
    }
}

fn file(folder: &tempfile::TempDir) -> String {
    format!("sqlite://{}/anb.sqlite3", folder.path().display())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_processes_may_migrate_one_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    four_processes_migrate_at_once(&file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tasks_may_migrate_one_postgres_at_once() {
    four_processes_migrate_at_once(&Postgres::blank_database().await).await;
}

#[tokio::test]
async fn a_roll_out_does_not_stop_the_old_version_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    an_older_version_works_with_a_newer_schema(&file(&folder)).await;
}

#[tokio::test]
async fn a_roll_out_does_not_stop_the_old_version_on_postgres() {
    an_older_version_works_with_a_newer_schema(&Postgres::blank_database().await).await;
}

#[tokio::test]
async fn a_database_in_memory_is_one_database() {
    let db = open("sqlite::memory:").await;
    db.migrate().await.unwrap();
    db.check().await.unwrap();
}

#[tokio::test]
async fn the_file_is_private_and_survives_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&file(&folder)).await;
    db.migrate().await.unwrap();
    for name in ["anb.sqlite3", "anb.sqlite3-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    for (pragma, expected) in [("synchronous", FULL), ("foreign_keys", 1)] {
        let statement = sea_orm::Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            format!("SELECT * FROM pragma_{pragma}"),
        );
        let row = db.writer().query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), expected, "{pragma}");
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&file(&folder)).await;
    db.migrate().await.unwrap();
    assert!(db.reader().execute_unprepared("DELETE FROM players").await.is_err());
}

#[tokio::test]
async fn an_address_of_no_database_we_know_is_refused_without_showing_it() {
    let options = DbOptions {
        url: "mysql://root:hunter2@db/anb".into(),
        max_connections: 1,
        acquire_timeout: Duration::from_secs(1),
        ..DbOptions::default()
    };
    let refusal = Db::connect(&options).await.err().unwrap().to_string();
    assert!(refusal.contains("postgres://") && !refusal.contains("hunter2"), "{refusal}");
}
