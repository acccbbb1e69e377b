//! Runs: on one order, many published videos are made again.

use std::collections::HashMap;

use anb_domain::{Action, Happening, JobState, RunScope, RunState, Subject, VideoId, VideoStatus};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, OnConflict, Query},
};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::{Column, Entity, RunId, is_open};
use crate::{
    Actor, Deed, Store, StoreError,
    entity::{
        reprocess_jobs::ActiveModel,
        reprocess_runs::{self, Model as RunRow},
        videos,
    },
    history::NewEvent,
    row::{count, name, status_of, within_i64},
    step::{changed, lock},
};

/// Published videos that are made again on one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    pub scope: RunScope,
    pub state: RunState,
    /// Who ordered it.
    pub by: String,
    pub started_at: DateTime<Utc>,
    pub figures: RunFigures,
}

/// How many of a run's videos are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunFigures {
    pub wanted: u64,
    /// In the queue or with a worker.
    pub under_way: u64,
    pub done: u64,
    /// Could not be made again.
    pub kept: u64,
    pub dropped: u64,
}

impl RunFigures {
    #[must_use]
    pub fn open(&self) -> u64 {
        self.wanted + self.under_way
    }

    #[must_use]
    pub fn ended(&self) -> u64 {
        self.done + self.kept + self.dropped
    }

    #[must_use]
    pub fn total(&self) -> u64 {
        self.open() + self.ended()
    }

    fn add(&mut self, state: JobState, jobs: u64) {
        match state {
            JobState::Wanted => self.wanted += jobs,
            JobState::Queued | JobState::Running => self.under_way += jobs,
            JobState::Done => self.done += jobs,
            JobState::Kept => self.kept += jobs,
            JobState::Dropped => self.dropped += jobs,
        }
    }
}

#[derive(Debug, Error)]
pub enum ReprocessError {
    #[error("there is no such video")]
    NotFound,
    #[error("only a published video can be made again; this one is {0}")]
    NotPublished(VideoStatus),
    /// Or on the way into the queue.
    #[error("the video is being made again already")]
    UnderWay,
    #[error("there is nothing to make again")]
    NothingToDo,
    #[error("no worker has said with which recipe it works")]
    NoRecipe,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for ReprocessError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Has one published video made again.
    pub async fn reprocess_video(
        &self,
        video: VideoId,
        by: &Actor,
    ) -> Result<RunId, ReprocessError> {
        let txn = self.db.begin().await?;
        let row = lock(&txn, video).await?.ok_or(ReprocessError::NotFound)?;
        let status = status_of(&row)?;
        if status != VideoStatus::Completed {
            return Err(ReprocessError::NotPublished(status));
        }
        let run = self.begin_run(&txn, RunScope::One, by).await?;
        let only = Condition::all().add(videos::Column::Id.eq(video.0));
        if self.want(&txn, run, only).await? == 0 {
            return Err(ReprocessError::UnderWay);
        }
        let event = NewEvent::new(video, Happening::ReprocessWanted).by(&by.name);
        self.tell(&txn, event).await?;
        self.note(&txn, by, Deed::new(Action::VIDEO_REPROCESSED, Subject::video(video))).await?;
        txn.commit().await?;
        Ok(run)
    }

    /// Has every published video made again, or those of an older recipe, that
    /// is not being made again already.
    pub async fn reprocess_all(&self, scope: RunScope, by: &Actor) -> Result<Run, ReprocessError> {
        let of_older = match scope {
            RunScope::Older => {
                let current = self.recipe_count().await?.current;
                Some(current.ok_or(ReprocessError::NoRecipe)?)
            }
            RunScope::All | RunScope::One => None,
        };
        let other = of_older.map(|current| {
            let recipe = videos::Column::Recipe;
            Condition::any().add(recipe.is_null()).add(recipe.ne(current))
        });
        let txn = self.db.begin().await?;
        let run = self.begin_run(&txn, scope, by).await?;
        let wanted = self.want(&txn, run, Condition::all().add_option(other)).await?;
        if wanted == 0 {
            return Err(ReprocessError::NothingToDo);
        }
        let deed = Deed::new(Action::REPROCESSING_STARTED, Subject::new("reprocessing", run))
            .after(json!({ "scope": scope, "videos": wanted }));
        self.note(&txn, by, deed).await?;
        txn.commit().await?;
        self.run(run).await?.ok_or(ReprocessError::NotFound)
    }

    async fn begin_run(
        &self,
        txn: &DatabaseTransaction,
        scope: RunScope,
        by: &Actor,
    ) -> Result<RunId, StoreError> {
        let id = self.ids.sortable();
        let row = reprocess_runs::ActiveModel {
            id: Set(id),
            scope: Set(scope.as_str().into()),
            state: Set(RunState::Going.as_str().into()),
            by_name: Set(by.name.clone()),
            started_at: Set(self.now()),
        };
        reprocess_runs::Entity::insert(row).exec_without_returning(txn).await?;
        Ok(id)
    }

    /// A job for each published video among `which` that has none open.
    /// Returns how many.
    async fn want(
        &self,
        txn: &DatabaseTransaction,
        run: RunId,
        which: Condition,
    ) -> Result<u64, StoreError> {
        let published = Query::select()
            .expr(Expr::value(run))
            .column(videos::Column::Id)
            .expr(Expr::value(JobState::Wanted.as_str()))
            .expr(Expr::value(0))
            .expr(Expr::value(self.now()))
            .from(videos::Entity)
            .and_where(videos::Column::Status.eq(VideoStatus::Completed.as_str()))
            .cond_where(which)
            .take();
        let columns =
            [Column::RunId, Column::VideoId, Column::State, Column::Tries, Column::WantedAt];
        let insert = Query::insert()
            .into_table(Entity)
            .columns(columns)
            .select_from(published)
            .map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .take();
        Ok(txn.execute(&insert).await?.rows_affected())
    }

    /// Pauses a run, has it go on, or stops it for good. `false`: it is not in
    /// a state that allows that.
    pub async fn change_run(
        &self,
        id: RunId,
        to: RunState,
        by: &Actor,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let row = reprocess_runs::Entity::find_by_id(id).lock_exclusive().one(&txn).await?;
        let Some(row) = row else { return Ok(false) };
        let from: RunState = name("reprocess_runs", "state", &row.state)?;
        if !from.may_become(to) {
            return Ok(false);
        }
        let update = reprocess_runs::Entity::update_many()
            .col_expr(reprocess_runs::Column::State, Expr::value(to.as_str()))
            .filter(reprocess_runs::Column::Id.eq(id))
            .filter(reprocess_runs::Column::State.eq(from.as_str()));
        if !changed(update, &txn).await? {
            return Ok(false);
        }
        if to == RunState::Stopped {
            self.drop_unbegun(&txn, id).await?;
        }
        let action = match to {
            RunState::Going => Action::REPROCESSING_RESUMED,
            RunState::Paused => Action::REPROCESSING_PAUSED,
            RunState::Stopped => Action::REPROCESSING_STOPPED,
        };
        let deed = Deed::new(action, Subject::new("reprocessing", id))
            .before(json!({ "state": from }))
            .after(json!({ "state": to }));
        self.note(&txn, by, deed).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// What a worker is at is finished; of the rest nothing is begun.
    async fn drop_unbegun(&self, txn: &DatabaseTransaction, run: RunId) -> Result<(), StoreError> {
        Entity::update_many()
            .set(ActiveModel {
                state: Set(JobState::Dropped.as_str().into()),
                ended_at: Set(Some(self.now())),
                ..Default::default()
            })
            .filter(Column::RunId.eq(run))
            .filter(Column::State.is_in([JobState::Wanted, JobState::Queued].map(JobState::as_str)))
            .exec(txn)
            .await?;
        Ok(())
    }

    pub async fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        let row = reprocess_runs::Entity::find_by_id(id).one(self.db.reader()).await?;
        Ok(self.with_figures(row.into_iter().collect()).await?.pop())
    }

    /// The latest runs of more than one video, newest first.
    pub async fn runs(&self, limit: u64) -> Result<Vec<Run>, StoreError> {
        let rows = reprocess_runs::Entity::find()
            .filter(reprocess_runs::Column::Scope.ne(RunScope::One.as_str()))
            .order_by_desc(reprocess_runs::Column::Id)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        self.with_figures(rows).await
    }

    /// How many videos are being made again, or are to be.
    pub async fn reprocessing_open(&self) -> Result<u64, StoreError> {
        let open: Option<i64> = Entity::find()
            .select_only()
            .expr_as(Expr::cust("COUNT(*)"), "open")
            .filter(is_open())
            .into_tuple()
            .one(self.db.reader())
            .await?;
        count("reprocess_jobs", "video_id", open.unwrap_or_default())
    }

    async fn with_figures(&self, rows: Vec<RunRow>) -> Result<Vec<Run>, StoreError> {
        let counted: Vec<(Uuid, String, i64)> = Entity::find()
            .select_only()
            .columns([Column::RunId, Column::State])
            .expr_as(Expr::cust("COUNT(*)"), "jobs")
            .filter(Column::RunId.is_in(rows.iter().map(|row| row.id)))
            .group_by(Column::RunId)
            .group_by(Column::State)
            .into_tuple()
            .all(self.db.reader())
            .await?;
        let mut figures: HashMap<Uuid, RunFigures> = HashMap::new();
        for (run, state, jobs) in counted {
            let jobs = count("reprocess_jobs", "video_id", jobs)?;
            figures.entry(run).or_default().add(name("reprocess_jobs", "state", &state)?, jobs);
        }
        rows.into_iter()
            .map(|row| {
                Ok(Run {
                    figures: figures.get(&row.id).copied().unwrap_or_default(),
                    id: row.id,
                    scope: name("reprocess_runs", "scope", &row.scope)?,
                    state: name("reprocess_runs", "state", &row.state)?,
                    by: row.by_name,
                    started_at: row.started_at,
                })
            })
            .collect()
    }
}
