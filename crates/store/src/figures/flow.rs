//! What came, and what became of it.

use std::{ops::AddAssign, time::Duration};

use sea_orm::FromQueryResult;

use super::window::{InStep, Window, by_step};
use crate::{Store, StoreError, row::count};

/// What happened in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    /// Uploads accepted.
    pub arrived: u64,
    /// Videos published, those made anew included.
    pub published: u64,
    pub rejected: u64,
    /// Tries that went wrong, or whose worker vanished.
    pub failed: u64,
    /// What all tries took of their workers' time; see
    /// [`Attempt::task_time`](crate::Attempt::task_time).
    pub task_time: Duration,
}

impl AddAssign for Flow {
    fn add_assign(&mut self, other: Self) {
        self.arrived += other.arrived;
        self.published += other.published;
        self.rejected += other.rejected;
        self.failed += other.failed;
        self.task_time += other.task_time;
    }
}

/// A try that was ended because its video was deleted has no failure: it is
/// nobody's.
const ENDED: &str = "
    SELECT {step} AS step,
        COUNT(*) FILTER (WHERE outcome = 'published') AS published,
        COUNT(*) FILTER (WHERE outcome = 'rejected') AS rejected,
        COUNT(*) FILTER (WHERE outcome IN ('failed', 'lost')
                         AND failure_code IS NOT NULL) AS failed,
        CAST(COALESCE(SUM(task_ms), 0) AS BIGINT) AS task_ms
    FROM attempts WHERE finished_at >= $1 AND finished_at < $2 GROUP BY 1";

const ARRIVED: &str = "
    SELECT {step} AS step, COUNT(*) AS figure
    FROM videos WHERE uploaded_at >= $1 AND uploaded_at < $2 GROUP BY 1";

#[derive(FromQueryResult)]
struct EndedRow {
    step: i64,
    published: i64,
    rejected: i64,
    failed: i64,
    task_ms: i64,
}

#[derive(Clone, Copy, FromQueryResult)]
struct FigureRow {
    step: i64,
    figure: i64,
}

impl InStep for EndedRow {
    fn step(&self) -> i64 {
        self.step
    }
}

impl InStep for FigureRow {
    fn step(&self) -> i64 {
        self.step
    }
}

impl Store {
    /// What happened in each step of a window.
    pub async fn flow(&self, window: &Window) -> Result<Vec<Flow>, StoreError> {
        let ended = self.ask(window, ENDED, "finished_at").await?;
        let arrived = self.ask(window, ARRIVED, "uploaded_at").await?;
        let untold = self.ask(window, &self.untold(), "finished_at").await?;
        let mut flow = by_step(window, ended, |step, row: EndedRow| {
            *step = Flow::try_from(row)?;
            Ok(())
        })?;
        let arrived = by_step(window, arrived, figure)?;
        let untold = by_step(window, untold, figure)?;
        for ((step, arrived), untold_ms) in flow.iter_mut().zip(arrived).zip(untold) {
            step.arrived = arrived;
            step.task_time += Duration::from_millis(untold_ms);
        }
        Ok(flow)
    }

    /// The time of tries whose worker has not told its share, because it has
    /// vanished: all of it.
    fn untold(&self) -> String {
        let [finished, heartbeat, started] =
            ["finished_at", "heartbeat_at", "started_at"].map(|column| self.milliseconds(column));
        format!(
            "SELECT {{step}} AS step, CAST(SUM(
                CASE WHEN outcome = 'lost' THEN {heartbeat} ELSE {finished} END - {started}
             ) AS BIGINT) AS figure
             FROM attempts
             WHERE finished_at >= $1 AND finished_at < $2 AND task_ms IS NULL GROUP BY 1"
        )
    }
}

fn figure(step: &mut u64, row: FigureRow) -> Result<(), StoreError> {
    *step = count("figures", "figure", row.figure)?;
    Ok(())
}

impl TryFrom<EndedRow> for Flow {
    type Error = StoreError;

    fn try_from(row: EndedRow) -> Result<Self, StoreError> {
        Ok(Self {
            arrived: 0,
            published: count("attempts", "published", row.published)?,
            rejected: count("attempts", "rejected", row.rejected)?,
            failed: count("attempts", "failed", row.failed)?,
            task_time: Duration::from_millis(count("attempts", "task_ms", row.task_ms)?),
        })
    }
}
