//! Who works.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    prelude::Uuid, sea_query::OnConflict,
};

use crate::{Store, StoreError, before, entity::workers, row::count};

/// A worker that has said nothing for so long is not counted: workers speak
/// every few seconds, and may be held up by a database that is out.
pub const QUIET: Duration = Duration::from_secs(30);

/// A worker that has said nothing for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(24);

/// A worker process, as it speaks of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Of the process: another start has another one.
    pub id: Uuid,
    /// As attempts name it.
    pub name: String,
    /// The machine's name or, on ECS, the task's id.
    pub host: String,
    pub version: String,
    /// Videos that it may work on at once.
    pub slots: u32,
    pub busy: u32,
    pub started_at: DateTime<Utc>,
}

/// All workers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorkersAtWork {
    pub workers: u64,
    pub slots: u64,
    pub busy: u64,
}

impl WorkersAtWork {
    #[must_use]
    pub fn of(workers: &[Worker]) -> Self {
        Self {
            workers: workers.len() as u64,
            slots: workers.iter().map(|worker| u64::from(worker.slots)).sum(),
            busy: workers.iter().map(|worker| u64::from(worker.busy)).sum(),
        }
    }
}

impl Store {
    /// A sign of life.
    pub async fn worker_lives(&self, worker: &Worker) -> Result<(), StoreError> {
        use workers::Column::{Busy, Id, SeenAt, Slots};

        let now = self.now();
        let row = workers::ActiveModel {
            id: Set(worker.id),
            name: Set(worker.name.clone()),
            host: Set(worker.host.clone()),
            version: Set(worker.version.clone()),
            slots: Set(i32::try_from(worker.slots).unwrap_or(i32::MAX)),
            busy: Set(i32::try_from(worker.busy).unwrap_or(i32::MAX)),
            started_at: Set(worker.started_at),
            seen_at: Set(now),
        };
        workers::Entity::insert(row)
            .on_conflict(OnConflict::column(Id).update_columns([Slots, Busy, SeenAt]).to_owned())
            .exec_without_returning(self.db.writer())
            .await?;
        Ok(())
    }

    /// A worker has ended in good order.
    pub async fn worker_leaves(&self, id: Uuid) -> Result<(), StoreError> {
        workers::Entity::delete_by_id(id).exec(self.db.writer()).await?;
        Ok(())
    }

    /// Forgets the workers of which nothing has been heard for a day.
    pub async fn forget_quiet_workers(&self) -> Result<(), StoreError> {
        workers::Entity::delete_many()
            .filter(workers::Column::SeenAt.lt(before(self.now(), FORGOTTEN)))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }

    /// Who has given a sign of life of late, by name.
    pub async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        let rows = workers::Entity::find()
            .filter(workers::Column::SeenAt.gte(before(self.now(), QUIET)))
            .order_by_asc(workers::Column::Name)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(Worker::try_from).collect()
    }

    /// When any worker last gave a sign of life, as far as is remembered.
    pub async fn last_sign_of_a_worker(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let last = workers::Entity::find().order_by_desc(workers::Column::SeenAt);
        Ok(last.one(self.db.reader()).await?.map(|row| row.seen_at))
    }
}

impl TryFrom<workers::Model> for Worker {
    type Error = StoreError;

    fn try_from(row: workers::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: row.name,
            host: row.host,
            version: row.version,
            slots: count("workers", "slots", row.slots)?,
            busy: count("workers", "busy", row.busy)?,
            started_at: row.started_at,
        })
    }
}
