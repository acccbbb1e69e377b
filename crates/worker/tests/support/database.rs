//! A database of each kind, on the clock of the test.

use std::time::Duration;

use anb_store::{Db, DbOptions};
use anb_testkit::TestStore;
use sea_orm::ConnectionTrait;

pub struct Database {
    db: Db,
    /// Keeps it there.
    _store: TestStore,
}

impl Database {
    pub async fn sqlite() -> Self {
        Self::of(TestStore::sqlite().await).await
    }

    pub async fn postgres() -> Self {
        Self::of(TestStore::postgres().await).await
    }

    async fn of(store: TestStore) -> Self {
        let options = DbOptions {
            url: store.url().to_owned(),
            max_connections: 4,
            acquire_timeout: Duration::from_secs(30),
            ..DbOptions::default()
        };
        Self { db: Db::connect(&options).await.unwrap(), _store: store }
    }

    /// Every statement about videos fails until [`Self::comes_back`].
    pub async fn goes_away(&self) {
        self.run("ALTER TABLE videos RENAME TO videos_away").await;
    }

    pub async fn comes_back(&self) {
        self.run("ALTER TABLE videos_away RENAME TO videos").await;
    }

    async fn run(&self, sql: &str) {
        self.db.writer().execute_unprepared(sql).await.unwrap();
    }

    pub fn db(&self) -> &Db {
        &self.db
    }
}
