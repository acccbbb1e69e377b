//! Why videos are rejected and fail.

use std::collections::BTreeMap;

use anb_domain::FailureCode;
use sea_orm::{FromQueryResult, Statement};

use super::window::Window;
use crate::{
    Store, StoreError,
    row::{count, name},
};

/// How often a reason was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureCount {
    pub code: FailureCode,
    /// Videos that are failed for this reason now, whenever that was.
    pub failed_videos: u64,
    /// Tries of the window that went wrong.
    pub tries: u64,
    /// Videos rejected in the window.
    pub rejected: u64,
}

const TRIES: &str = "
    SELECT failure_code AS code,
        COUNT(*) FILTER (WHERE outcome <> 'rejected') AS tries,
        COUNT(*) FILTER (WHERE outcome = 'rejected') AS rejected
    FROM attempts
    WHERE finished_at >= $1 AND finished_at < $2 AND failure_code IS NOT NULL
    GROUP BY 1";

const FAILED_VIDEOS: &str = "
    SELECT failure ->> 'code' AS code, COUNT(*) AS videos
    FROM videos WHERE status = 'failed' AND failure IS NOT NULL GROUP BY 1";

#[derive(FromQueryResult)]
struct TriesRow {
    code: String,
    tries: i64,
    rejected: i64,
}

#[derive(FromQueryResult)]
struct VideosRow {
    code: String,
    videos: i64,
}

impl Store {
    /// The reasons given in a window, and those for which videos are failed
    /// now; the most frequent first.
    pub async fn failures(&self, window: &Window) -> Result<Vec<FailureCount>, StoreError> {
        let db = self.db.reader();
        let backend = db.get_database_backend();
        let failed = Statement::from_string(backend, FAILED_VIDEOS);
        let failed = VideosRow::find_by_statement(failed).all(db).await?;
        let ended_within = [window.from.into(), window.to.into()];
        let tries = Statement::from_sql_and_values(backend, TRIES, ended_within);
        let tries = TriesRow::find_by_statement(tries).all(db).await?;

        let mut counts = BTreeMap::new();
        for row in tries {
            let counted = of_code(&mut counts, "attempts", &row.code)?;
            counted.tries = count("attempts", "tries", row.tries)?;
            counted.rejected = count("attempts", "rejected", row.rejected)?;
        }
        for row in failed {
            let counted = of_code(&mut counts, "videos", &row.code)?;
            counted.failed_videos = count("videos", "failed", row.videos)?;
        }
        let mut counts: Vec<_> = counts.into_values().collect();
        counts.sort_by_key(|c| {
            std::cmp::Reverse((c.failed_videos + c.tries + c.rejected, c.failed_videos))
        });
        Ok(counts)
    }
}

fn of_code<'c>(
    counts: &'c mut BTreeMap<String, FailureCount>,
    table: &'static str,
    code: &str,
) -> Result<&'c mut FailureCount, StoreError> {
    let none = FailureCount {
        code: name(table, "failure_code", code)?,
        failed_videos: 0,
        tries: 0,
        rejected: 0,
    };
    Ok(counts.entry(code.to_owned()).or_insert(none))
}
