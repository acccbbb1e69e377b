//! Published videos that are made again: runs, their jobs, and the attempts at
//! them. The video's own row changes only when the new result takes the place
//! of the old one.

mod attempt;
mod pace;
mod recipes;
mod runs;

use anb_domain::{Failure, Happening, JobState, VideoId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, UpdateMany, sea_query::Expr,
};
use uuid::Uuid;

pub use recipes::RecipeCount;
pub use runs::{ReprocessError, Run, RunFigures};

use crate::{
    Store, StoreError,
    entity::reprocess_jobs::{ActiveModel, Column, Entity, Model},
    history::NewEvent,
    row::{name, to_json},
    step::changed,
};

fn state_of(job: &Model) -> Result<JobState, StoreError> {
    name("reprocess_jobs", "state", &job.state)
}

fn is_open() -> Expr {
    let open = JobState::OPEN.map(|state| format!("'{state}'")).join(", ");
    Expr::cust(format!("state IN ({open})"))
}

/// The job by which a video is being made again. The video's row is locked by
/// the transaction, and whoever changes a job locks it first.
async fn open_job(txn: &DatabaseTransaction, video: VideoId) -> Result<Option<Model>, StoreError> {
    let job = Entity::find().filter(Column::VideoId.eq(video.0)).filter(is_open());
    Ok(job.one(txn).await?)
}

/// A job's next step, if it is still where it was seen.
fn step(job: &Model, to: JobState) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(to.as_str()))
        .filter(Column::RunId.eq(job.run_id))
        .filter(Column::VideoId.eq(job.video_id))
        .filter(Column::State.eq(job.state.as_str()))
}

impl Store {
    /// It could not be made again: the old result stays.
    pub(crate) async fn keep_old(
        &self,
        txn: &DatabaseTransaction,
        job: &Model,
        failure: &Failure,
        event: NewEvent<'_>,
    ) -> Result<bool, StoreError> {
        let update = step(job, JobState::Kept).set(ActiveModel {
            ended_at: Set(Some(self.now())),
            failure: Set(Some(to_json(failure)?)),
            ..Default::default()
        });
        if !changed(update, txn).await? {
            return Ok(false);
        }
        self.tell(txn, event.because(Some(failure))).await?;
        Ok(true)
    }

    /// Nobody wants this video made again any more.
    pub(crate) async fn drop_job(
        &self,
        txn: &DatabaseTransaction,
        video: VideoId,
    ) -> Result<(), StoreError> {
        let Some(job) = open_job(txn, video).await? else { return Ok(()) };
        let ended = ActiveModel { ended_at: Set(Some(self.now())), ..Default::default() };
        changed(step(&job, JobState::Dropped).set(ended), txn).await?;
        self.tell(txn, NewEvent::new(video, Happening::ReprocessDropped)).await
    }

    /// Whether a video is being made again, and how that stands; the latest
    /// job if none is open.
    pub async fn reprocessing_of(
        &self,
        video: VideoId,
    ) -> Result<Option<(JobState, Option<Failure>)>, StoreError> {
        let latest = Entity::find()
            .filter(Column::VideoId.eq(video.0))
            .order_by_desc(Column::WantedAt)
            .order_by_desc(Column::RunId)
            .one(self.db.reader())
            .await?;
        let Some(job) = latest else { return Ok(None) };
        let state = state_of(&job)?;
        let failure = job.failure.map(|value| crate::row::json("reprocess_jobs", "failure", value));
        Ok(Some((state, failure.transpose()?)))
    }
}

/// A run's id, as addresses name it.
pub type RunId = Uuid;
