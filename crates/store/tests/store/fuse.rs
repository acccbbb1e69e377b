//! Triggers in the database that let so many writes through and no more, as if
//! the disk were full or the server gone.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};

/// Every row of every table, as text.
pub type Everything = BTreeMap<String, Vec<String>>;

/// Built into a database, past the store that is tested.
pub struct Fuse {
    db: DatabaseConnection,
    tables: Vec<String>,
}

const TABLES_OF_SQLITE: &str = "
    SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
const TABLES_OF_POSTGRES: &str = "
    SELECT tablename AS text FROM pg_tables WHERE schemaname = 'public'";
const FUNCTION: &str = "
    CREATE FUNCTION blow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE fuse SET writes = writes - 1;
        IF (SELECT writes FROM fuse) < 0 THEN RAISE EXCEPTION 'the fuse has blown'; END IF;
        RETURN NULL;
    END $$";

/// Far more writes than anybody makes.
const NEVER: i64 = 1_000_000;

impl Fuse {
    pub async fn built_into(url: &str) -> Self {
        let db = Database::connect(url).await.unwrap();
        let fuse = Self { tables: tables(&db).await, db };
        fuse.run(&format!("CREATE TABLE fuse AS SELECT {NEVER} AS writes")).await;
        if fuse.db.get_database_backend() == DbBackend::Postgres {
            fuse.run(FUNCTION).await;
        }
        for table in &fuse.tables {
            for trigger in fuse.triggers(table) {
                fuse.run(&trigger).await;
            }
        }
        fuse
    }

    fn triggers(&self, table: &str) -> Vec<String> {
        if self.db.get_database_backend() == DbBackend::Postgres {
            return vec![format!(
                "CREATE TRIGGER fuse AFTER INSERT OR UPDATE OR DELETE ON {table}
                 FOR EACH STATEMENT EXECUTE FUNCTION blow()"
            )];
        }
        let trigger = |event| {
            format!(
                "CREATE TRIGGER fuse_{table}_{event} AFTER {event} ON {table} BEGIN
                    UPDATE fuse SET writes = writes - 1;
                    SELECT RAISE(ABORT, 'the fuse has blown') FROM fuse WHERE writes < 0;
                 END"
            )
        };
        ["INSERT", "UPDATE", "DELETE"].map(trigger).to_vec()
    }

    /// So many writes pass; the next one fails, until this is called again.
    pub async fn blows_after(&self, writes: usize) {
        self.run(&format!("UPDATE fuse SET writes = {writes}")).await;
    }

    pub async fn everything(&self) -> Everything {
        let mut everything = Everything::new();
        for table in &self.tables {
            let row = match self.db.get_database_backend() {
                DbBackend::Postgres => format!("{table}::text"),
                _ => self.columns(table).await.join(" || ',' || "),
            };
            let rows = self.texts(&format!("SELECT {row} AS text FROM {table} ORDER BY 1")).await;
            everything.insert(table.clone(), rows);
        }
        everything
    }

    /// Videos whose total is not the number of votes that count.
    pub async fn wrong_totals(&self) -> usize {
        let wrong = "
            SELECT title AS text FROM videos WHERE votes <> (SELECT count(*) FROM votes AS cast_votes
                WHERE video_id = videos.id AND struck_at IS NULL)";
        self.texts(wrong).await.len()
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        let columns =
            format!("SELECT 'quote(' || name || ')' AS text FROM pragma_table_info('{table}')");
        self.texts(&columns).await
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.db, sql).await
    }

    async fn run(&self, sql: &str) {
        self.db.execute_unprepared(sql).await.unwrap();
    }
}

async fn tables(db: &DatabaseConnection) -> Vec<String> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let sql = if postgres { TABLES_OF_POSTGRES } else { TABLES_OF_SQLITE };
    texts(db, sql).await
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "text").unwrap()).collect()
}
