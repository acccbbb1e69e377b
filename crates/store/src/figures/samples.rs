//! How full the queue and how busy the workers were, minute by minute.

use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, FromQueryResult, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, sea_query::OnConflict,
};

use super::window::{InStep, Window, by_step};
use crate::{
    Store, StoreError, before,
    entity::samples,
    row::{count, to_i64},
};

/// A week, and some time to look at its beginning.
const KEPT: Duration = Duration::from_hours(8 * 24);

/// How far from a moment a sample may lie to stand for it.
const NEAR: Duration = Duration::from_mins(10);

/// What a sample says; what the queue says is absent where it did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sample {
    pub visible: Option<u64>,
    pub in_flight: Option<u64>,
    pub delayed: Option<u64>,
    pub dead: Option<u64>,
    /// Age of the oldest message; 0 without messages.
    pub oldest_s: Option<u64>,
    pub unsent: u64,
    pub workers: u64,
    pub slots: u64,
    pub busy: u64,
}

const HIGHEST: &str = "
    SELECT {step} AS step, MAX(visible) AS visible, MAX(in_flight) AS in_flight,
        MAX(delayed) AS delayed, MAX(dead) AS dead, MAX(oldest_s) AS oldest_s,
        MAX(unsent) AS unsent, MAX(workers) AS workers, MAX(slots) AS slots, MAX(busy) AS busy
    FROM samples WHERE minute >= $1 AND minute < $2 GROUP BY 1";

#[derive(FromQueryResult)]
struct SampleRow {
    step: i64,
    visible: Option<i64>,
    in_flight: Option<i64>,
    delayed: Option<i64>,
    dead: Option<i64>,
    oldest_s: Option<i64>,
    unsent: i64,
    workers: i64,
    slots: i64,
    busy: i64,
}

impl InStep for SampleRow {
    fn step(&self) -> i64 {
        self.step
    }
}

impl Store {
    /// Whether this minute has its sample.
    pub async fn is_sampled(&self) -> Result<bool, StoreError> {
        let own = samples::Entity::find_by_id(minute(self.now()));
        Ok(own.count(self.db.reader()).await? > 0)
    }

    /// Notes the sample of this minute, and forgets those that nobody looks at
    /// any more. `false`: somebody else was faster.
    pub async fn note_sample(&self, sample: &Sample) -> Result<bool, StoreError> {
        let now = self.now();
        let txn = self.db.begin().await?;
        let noted = samples::Entity::insert(row(minute(now), sample))
            .on_conflict(OnConflict::column(samples::Column::Minute).do_nothing().to_owned())
            .exec_without_returning(&txn)
            .await?;
        samples::Entity::delete_many()
            .filter(samples::Column::Minute.lt(before(now, KEPT)))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok(noted > 0)
    }

    /// The highest figures of each step; `None` where nobody took a sample.
    pub async fn samples(&self, window: &Window) -> Result<Vec<Option<Sample>>, StoreError> {
        let rows = self.ask(window, HIGHEST, "minute").await?;
        by_step(window, rows, |step, row: SampleRow| {
            *step = Some(Sample::try_from(row)?);
            Ok(())
        })
    }

    /// What was so at that moment, or shortly before it.
    pub async fn sample_at(&self, moment: DateTime<Utc>) -> Result<Option<Sample>, StoreError> {
        let row = samples::Entity::find()
            .filter(samples::Column::Minute.lte(moment))
            .filter(samples::Column::Minute.gt(before(moment, NEAR)))
            .order_by_desc(samples::Column::Minute)
            .one(self.db.reader())
            .await?;
        row.map(SampleRow::from).map(Sample::try_from).transpose()
    }
}

fn minute(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.duration_trunc(TimeDelta::minutes(1)).unwrap_or(moment)
}

fn row(minute: DateTime<Utc>, sample: &Sample) -> samples::ActiveModel {
    samples::ActiveModel {
        minute: Set(minute),
        visible: Set(sample.visible.map(to_i64)),
        in_flight: Set(sample.in_flight.map(to_i64)),
        delayed: Set(sample.delayed.map(to_i64)),
        dead: Set(sample.dead.map(to_i64)),
        oldest_s: Set(sample.oldest_s.map(to_i64)),
        unsent: Set(to_i64(sample.unsent)),
        workers: Set(to_i64(sample.workers)),
        slots: Set(to_i64(sample.slots)),
        busy: Set(to_i64(sample.busy)),
    }
}

impl From<samples::Model> for SampleRow {
    fn from(row: samples::Model) -> Self {
        let samples::Model {
            minute: _,
            visible,
            in_flight,
            delayed,
            dead,
            oldest_s,
            unsent,
            workers,
            slots,
            busy,
        } = row;
        Self { step: 0, visible, in_flight, delayed, dead, oldest_s, unsent, workers, slots, busy }
    }
}

impl TryFrom<SampleRow> for Sample {
    type Error = StoreError;

    fn try_from(row: SampleRow) -> Result<Self, StoreError> {
        let of_queue = |column, value: Option<i64>| {
            value.map(|value| count("samples", column, value)).transpose()
        };
        Ok(Self {
            visible: of_queue("visible", row.visible)?,
            in_flight: of_queue("in_flight", row.in_flight)?,
            delayed: of_queue("delayed", row.delayed)?,
            dead: of_queue("dead", row.dead)?,
            oldest_s: of_queue("oldest_s", row.oldest_s)?,
            unsent: count("samples", "unsent", row.unsent)?,
            workers: count("samples", "workers", row.workers)?,
            slots: count("samples", "slots", row.slots)?,
            busy: count("samples", "busy", row.busy)?,
        })
    }
}
