//! A store of its own for each test, on either database.

use std::{fs, ops::Deref, sync::Arc, time::Duration};

use anb_store::{Db, DbOptions, Store};
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{FakeClock, Postgres, PostgresServer, SequentialIds};

/// A migrated, empty store whose clock and ids the test decides.
pub struct TestStore {
    store: Store,
    pub clock: Arc<FakeClock>,
    pub ids: Arc<SequentialIds>,
    url: String,
    /// Of SQLite; removed with the store.
    _folder: Option<TempDir>,
}

impl TestStore {
    /// A file in a folder of its own, as it runs in production: with WAL.
    pub async fn sqlite() -> Self {
        let folder = a_folder();
        let migrated = MIGRATED.get_or_init(migrate).await;
        fs::write(folder.path().join(FILE), migrated).expect("the temp folder is writable");
        Self::open(url_in(&folder), Some(folder)).await
    }

    /// A database of its own in the real PostgreSQL of this test process.
    pub async fn postgres() -> Self {
        Self::open(Postgres::fresh_database().await, None).await
    }

    /// In the database of a server that the test may stop.
    pub async fn on(server: &PostgresServer) -> Self {
        Self::open(server.url("postgres"), None).await
    }

    async fn open(url: String, folder: Option<TempDir>) -> Self {
        let (clock, ids) = (Arc::new(FakeClock::default()), Arc::new(SequentialIds::default()));
        let store = Store::new(connect(&url).await, clock.clone(), ids.clone());
        Self { store, clock, ids, url, _folder: folder }
    }

    /// The address of the database, for another process or a second pool.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A second store with its own connections, as another process has it.
    pub async fn of_another_process(&self) -> Store {
        Store::new(connect(&self.url).await, self.clock.clone(), self.ids.clone())
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

const FILE: &str = "anb.sqlite3";

/// Copying a migrated database is faster than migrating each anew.
static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();

async fn migrate() -> Vec<u8> {
    let folder = a_folder();
    let db = connect(&url_in(&folder)).await;
    // What is still in the log beside the file goes into it.
    let whole = db.writer().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await;
    whole.expect("nobody else is in the database");
    fs::read(folder.path().join(FILE)).expect("the database is a file")
}

fn a_folder() -> TempDir {
    TempDir::with_prefix("anb-sqlite-").expect("the temp folder is writable")
}

fn url_in(folder: &TempDir) -> String {
    format!("sqlite://{}/{FILE}", folder.path().display())
}

/// Connects and migrates.
pub(crate) async fn connect(url: &str) -> Db {
    let options = DbOptions {
        url: url.into(),
        max_connections: 4,
        acquire_timeout: Duration::from_secs(30),
        ..DbOptions::default()
    };
    let db = Db::connect(&options).await.expect("the test's database opens");
    db.migrate().await.expect("the test's database can be migrated");
    db
}
