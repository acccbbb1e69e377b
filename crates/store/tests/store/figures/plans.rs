//! The figures of an hour must not cost more the longer the contest goes on:
//! each statement finds its rows by an index.

use anb_testkit::TestStore;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::{minutes, run};

/// 40,000 videos of the last weeks, each published in one try.
const MANY: &str = "
    INSERT INTO videos (id, owner_id, title, title_key, status, attempt, tries, votes,
                        created_at, uploaded_at, processed_at)
    SELECT {id}, {id}, 't', 't', 'completed', 1, 1, 0, {at}, {at}, {at} FROM {numbers};
    INSERT INTO attempts (id, video_id, no, token, worker, receipt, started_at, heartbeat_at,
                          lease_until, finished_at, outcome, progress, steps, task_ms)
    SELECT id, id, 1, id, 'w', 'r', uploaded_at, uploaded_at, uploaded_at, uploaded_at,
           'published', 100, '[]', 5000 FROM videos;
    ANALYZE;";

/// What is asked for, less the arithmetic.
const ASKED: [(&str, &str); 4] = [
    (
        "attempts_by_end",
        "SELECT outcome, COUNT(*), SUM(task_ms) FROM attempts
        WHERE finished_at >= {from} AND finished_at < {to} GROUP BY outcome",
    ),
    (
        "videos_by_arrival",
        "SELECT COUNT(*) FROM videos
        WHERE uploaded_at >= {from} AND uploaded_at < {to}",
    ),
    (
        "attempts_by_end",
        "SELECT COUNT(*) FROM attempts AS done
        JOIN videos ON videos.id = done.video_id
        WHERE done.finished_at >= {from} AND done.finished_at < {to}
          AND done.outcome = 'published'",
    ),
    ("videos_", "SELECT COUNT(*) FROM videos WHERE status = 'failed'"),
];

async fn many_videos(store: &TestStore, id: &str, at: &str, numbers: &str) {
    let sql = MANY.replace("{id}", id).replace("{at}", at).replace("{numbers}", numbers);
    for statement in sql.split(';').filter(|statement| !statement.trim().is_empty()) {
        run(store, statement).await;
    }
}

async fn every_statement_uses_its_index(store: &TestStore, explain: &str) {
    let db = store.db().reader();
    for (index, asked) in ASKED {
        let asked = asked
            .replace("{from}", "'2026-05-01T11:00:00+00:00'")
            .replace("{to}", "'2026-05-01T12:00:00+00:00'");
        let statement =
            Statement::from_string(db.get_database_backend(), format!("{explain} {asked}"));
        let column = if db.get_database_backend() == DbBackend::Postgres { 0 } else { 3 };
        let lines = db.query_all_raw(statement).await.unwrap();
        let plan: Vec<String> =
            lines.iter().map(|line| line.try_get_by_index(column).unwrap()).collect();
        let plan = plan.join("\n");
        assert!(plan.contains(index), "{index} is of no use for {asked}\n{plan}");
        let whole = plan.contains("Seq Scan")
            || plan.contains("SCAN attempts")
            || plan.contains("SCAN videos\n");
        assert!(!whole, "{asked} reads a whole table\n{plan}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let store = TestStore::sqlite().await;
    let numbers = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
                    SELECT i FROM n)";
    let at = "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-05-01 12:00:00', '-' || i || ' minutes')";
    many_videos(&store, "CAST(printf('%016d', i) AS BLOB)", at, numbers).await;
    every_statement_uses_its_index(&store, "EXPLAIN QUERY PLAN").await;
    assert_eq!(store.flow(&minutes(1)).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    let store = TestStore::postgres().await;
    let at = "timestamptz '2026-05-01 12:00:00+00' - i * interval '1 minute'";
    let id = "lpad(to_hex(i), 32, '0')::uuid";
    many_videos(&store, id, at, "generate_series(1, 40000) AS n(i)").await;
    every_statement_uses_its_index(&store, "EXPLAIN").await;
    assert_eq!(store.flow(&minutes(1)).await.unwrap().len(), 1);
}
