//! What the public finds wrong with videos. Nothing is hidden by a report: it
//! waits until an operator has read it.

use std::collections::HashMap;

use anb_domain::{Action, PlayerId, Reason, ReportReason, Subject, VideoId, Visibility};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, TryInsertResult,
    prelude::Uuid,
};
use serde_json::json;
use thiserror::Error;

use super::{Entry, entries};
use crate::{
    Actor, Deed, Page, Store, StoreError,
    entity::{reports, videos},
    players::keep_player,
    public::published,
    row::{name, within_i64},
};

/// What a visitor sends.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub video: VideoId,
    /// Of a visitor who is signed in.
    pub reporter: Option<PlayerId>,
    /// The same for every report of one visitor, and tells nothing else.
    pub visitor: String,
    pub reason: ReportReason,
    pub note: Option<Reason>,
}

/// What a visitor has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub video: VideoId,
    /// Whether the visitor was signed in.
    pub by_player: bool,
    pub reason: ReportReason,
    /// Empty where they had no more to say.
    pub note: String,
    pub created_at: DateTime<Utc>,
}

/// A video, and what is open about it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedVideo {
    pub entry: Entry,
    /// First to last.
    pub reports: Vec<Report>,
}

#[derive(Debug, Error)]
pub enum ReportError {
    /// No published video has this id.
    #[error("there is no such video")]
    NotFound,
    #[error("this visitor has reported this video before")]
    AlreadyReported,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Takes a report of a video that the public sees.
    pub async fn report_video(&self, new: NewReport) -> Result<(), ReportError> {
        let txn = self.db.begin().await?;
        // Nobody is erased meanwhile, and stays in the report all the same.
        if let Some(reporter) = new.reporter
            && !keep_player(&txn, reporter).await?
        {
            return Err(ReportError::NotFound);
        }
        // Nobody takes it down, and settles its reports, meanwhile.
        let video = published().filter(videos::Column::Id.eq(new.video.0)).lock_shared();
        if video.one(&txn).await?.is_none() {
            return Err(ReportError::NotFound);
        }
        let report = reports::ActiveModel {
            id: Set(self.ids.sortable()),
            video_id: Set(new.video.0),
            reporter_id: Set(new.reporter.map(|id| id.0)),
            visitor: Set(new.visitor),
            reason: Set(new.reason.as_str().into()),
            note: Set(new.note.map(Reason::into_string).unwrap_or_default()),
            created_at: Set(self.now()),
            resolved_at: Set(None),
            resolution: Set(None),
        };
        let inserted = reports::Entity::insert(report)
            .on_conflict_do_nothing_on([reports::Column::VideoId, reports::Column::Visitor])
            .exec_without_returning(&txn)
            .await?;
        if !matches!(inserted, TryInsertResult::Inserted(1)) {
            return Err(ReportError::AlreadyReported);
        }
        txn.commit().await?;
        Ok(())
    }

    /// How many videos have open reports.
    pub async fn reported_total(&self) -> Result<u64, StoreError> {
        Ok(reported().count(self.db.reader()).await?)
    }

    /// Videos with open reports, oldest video first, with everything that is
    /// open about each.
    pub async fn reported_videos(
        &self,
        limit: u64,
        skip: u64,
    ) -> Result<Page<ReportedVideo>, StoreError> {
        let rows = reported()
            .order_by_asc(videos::Column::Id)
            .limit(within_i64(limit))
            .offset(within_i64(skip));
        let entries = entries(self.db.reader(), rows).await?;
        let mut about = self.open_reports(entries.iter().map(|entry| entry.video.id)).await?;
        let items = entries
            .into_iter()
            .map(|entry| ReportedVideo {
                reports: about.remove(&entry.video.id).unwrap_or_default(),
                entry,
            })
            .collect();
        Ok(Page { items, total: self.reported_total().await? })
    }

    async fn open_reports(
        &self,
        videos: impl Iterator<Item = VideoId>,
    ) -> Result<HashMap<VideoId, Vec<Report>>, StoreError> {
        let rows = reports::Entity::find()
            .filter(reports::Column::VideoId.is_in(videos.map(|id| id.0)))
            .filter(reports::Column::ResolvedAt.is_null())
            .order_by_asc(reports::Column::Id)
            .all(self.db.reader())
            .await?;
        let mut about = HashMap::<_, Vec<Report>>::new();
        for row in rows {
            let report = Report::try_from(row)?;
            about.entry(report.video).or_default().push(report);
        }
        Ok(about)
    }

    /// Closes what is open about a video that stays as it is; returns how many
    /// reports that were.
    pub async fn dismiss_reports(
        &self,
        actor: &Actor,
        video: VideoId,
        reason: &Reason,
    ) -> Result<u64, StoreError> {
        let txn = self.db.begin().await?;
        let closed = resolve(&txn, video, "dismissed", self.now()).await?;
        if closed > 0 {
            let deed = Deed::new(Action::REPORT_DISMISSED, Subject::video(video))
                .before(json!({ "open": closed }))
                .after(json!({ "open": 0 }))
                .because(reason.as_str());
            self.note(&txn, actor, deed).await?;
            txn.commit().await?;
        }
        Ok(closed)
    }

    /// What a player has reported, first to last.
    pub async fn reports_by(&self, player: PlayerId) -> Result<Vec<Report>, StoreError> {
        let rows = reports::Entity::find()
            .filter(reports::Column::ReporterId.eq(player.0))
            .order_by_asc(reports::Column::Id)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(Report::try_from).collect()
    }
}

/// Videos of which something is open.
fn reported() -> Select<videos::Entity> {
    let open = reports::Entity::find()
        .select_only()
        .column(reports::Column::VideoId)
        .filter(reports::Column::ResolvedAt.is_null())
        .into_query();
    videos::Entity::find().filter(videos::Column::Id.in_subquery(open))
}

impl TryFrom<reports::Model> for Report {
    type Error = StoreError;

    fn try_from(row: reports::Model) -> Result<Self, StoreError> {
        Ok(Self {
            video: VideoId(row.video_id),
            by_player: row.reporter_id.is_some(),
            reason: name("reports", "reason", &row.reason)?,
            note: row.note,
            created_at: row.created_at,
        })
    }
}

/// A player is gone: what they reported stays, and nobody knows whose it was.
pub(crate) async fn forget_reporter(
    txn: &DatabaseTransaction,
    player: PlayerId,
) -> Result<(), StoreError> {
    let theirs = reports::Entity::find().filter(reports::Column::ReporterId.eq(player.0));
    for row in theirs.all(txn).await? {
        let id: Uuid = row.id;
        reports::Entity::update_many()
            .set(reports::ActiveModel {
                reporter_id: Set(None),
                visitor: Set(format!("gone {id}")),
                note: Set(String::new()),
                ..Default::default()
            })
            .filter(reports::Column::Id.eq(id))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// A video is gone, and what was said about it.
pub(crate) async fn forget_reports(
    txn: &DatabaseTransaction,
    video: VideoId,
) -> Result<(), StoreError> {
    reports::Entity::delete_many().filter(reports::Column::VideoId.eq(video.0)).exec(txn).await?;
    Ok(())
}

/// A video that nobody else sees any more needs no report to be read.
pub(super) async fn settle(
    txn: &DatabaseTransaction,
    video: VideoId,
    visibility: Visibility,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let resolution = match visibility {
        Visibility::Hidden => "unpublished",
        Visibility::Disqualified => "disqualified",
        Visibility::Public | Visibility::Awaiting => return Ok(()),
    };
    resolve(txn, video, resolution, now).await?;
    Ok(())
}

/// Opens again what was settled at that moment.
pub(super) async fn reopen(
    txn: &DatabaseTransaction,
    video: VideoId,
    settled_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    reports::Entity::update_many()
        .set(reports::ActiveModel {
            resolved_at: Set(None),
            resolution: Set(None),
            ..Default::default()
        })
        .filter(reports::Column::VideoId.eq(video.0))
        .filter(reports::Column::ResolvedAt.eq(settled_at))
        .exec(txn)
        .await?;
    Ok(())
}

/// Closes what is open about a video; returns how many reports that were.
async fn resolve(
    txn: &DatabaseTransaction,
    video: VideoId,
    resolution: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let resolved = reports::Entity::update_many()
        .set(reports::ActiveModel {
            resolved_at: Set(Some(now)),
            resolution: Set(Some(resolution.to_owned())),
            ..Default::default()
        })
        .filter(reports::Column::VideoId.eq(video.0))
        .filter(reports::Column::ResolvedAt.is_null())
        .exec(txn)
        .await?;
    Ok(resolved.rows_affected)
}
