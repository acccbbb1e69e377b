//! What operators rule about who sees a video, and how they take it back.

use anb_domain::{
    Action, IllegalRuling, Reason, Ruling, Subject, VideoId, VideoStatus, Visibility,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::reports::{reopen, settle};
use crate::{
    Actor, Deed, Store, StoreError,
    entity::{audit_log, videos},
    row::{status_of, to_json, visibility_of},
    step::{changed, lock},
};

#[derive(Debug, Error)]
pub enum RuleError {
    #[error("there is no such video")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] IllegalRuling),
    /// Its owner would not be told why.
    #[error("a reason is missing")]
    ReasonMissing,
    /// The last ruling is somebody else's, or there is none.
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who sees a video, as the audit log has it before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    visibility: Visibility,
    reason: Option<String>,
    at: Option<DateTime<Utc>>,
}

/// Every action that is a ruling.
const RULINGS: [Action; 6] = [
    Action::VIDEO_APPROVED,
    Action::VIDEO_DECLINED,
    Action::VIDEO_PUBLISHED,
    Action::VIDEO_UNPUBLISHED,
    Action::VIDEO_DISQUALIFIED,
    Action::VIDEO_REINSTATED,
];

impl Store {
    /// Rules who sees a video from now on. Where that is its owner alone, what
    /// the public has reported about it is settled with it.
    pub async fn rule(
        &self,
        actor: &Actor,
        video: VideoId,
        ruling: Ruling,
        reason: Option<&Reason>,
    ) -> Result<Visibility, RuleError> {
        if ruling.needs_reason() && reason.is_none() {
            return Err(RuleError::ReasonMissing);
        }
        let txn = self.db.begin().await?;
        let row = lock_ruled(&txn, video).await?;
        let before = Seen::of(&row)?;
        let visibility = before.visibility.after(ruling)?;
        let told = reason.filter(|_| visibility != Visibility::Public).map(Reason::to_string);
        let after = Seen { visibility, reason: told, at: Some(self.now()) };
        show(&txn, video, &after).await?;
        settle(&txn, video, visibility, self.now()).await?;

        let action = action(before.visibility, ruling);
        let deed = changing(action, video, &before, &after)?;
        let deed = Deed { reason: reason.map(Reason::to_string), ..deed };
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(visibility)
    }

    /// Takes back the last ruling about a video, if it is this actor's and
    /// still stands: who sees it, and what was reported about it, is as before.
    pub async fn undo_ruling(
        &self,
        actor: &Actor,
        video: VideoId,
    ) -> Result<Visibility, RuleError> {
        let txn = self.db.begin().await?;
        let row = lock_ruled(&txn, video).await?;
        let now = Seen::of(&row)?;
        let before =
            last_ruling(&txn, actor, video, &now).await?.ok_or(RuleError::NothingToUndo)?;
        show(&txn, video, &before).await?;
        if let Some(ruled_at) = now.at {
            reopen(&txn, video, ruled_at).await?;
        }
        let deed = changing(Action::VIDEO_RULING_UNDONE, video, &now, &before)?;
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(before.visibility)
    }
}

impl Seen {
    fn of(row: &videos::Model) -> Result<Self, StoreError> {
        Ok(Self {
            visibility: visibility_of(row)?,
            reason: row.visibility_reason.clone(),
            at: row.visibility_at,
        })
    }
}

/// A video about which there is something to rule.
async fn lock_ruled(txn: &DatabaseTransaction, video: VideoId) -> Result<videos::Model, RuleError> {
    match lock(txn, video).await? {
        Some(row) if is_there(status_of(&row)?) => Ok(row),
        _ => Err(RuleError::NotFound),
    }
}

fn is_there(status: VideoStatus) -> bool {
    !matches!(status, VideoStatus::Uploading | VideoStatus::Deleted)
}

fn action(before: Visibility, ruling: Ruling) -> Action {
    match (ruling, before) {
        (Ruling::Publish, Visibility::Awaiting) => Action::VIDEO_APPROVED,
        (Ruling::Publish, _) => Action::VIDEO_PUBLISHED,
        (Ruling::Unpublish, Visibility::Awaiting) => Action::VIDEO_DECLINED,
        (Ruling::Unpublish, _) => Action::VIDEO_UNPUBLISHED,
        (Ruling::Disqualify, _) => Action::VIDEO_DISQUALIFIED,
        (Ruling::Reinstate, _) => Action::VIDEO_REINSTATED,
    }
}

/// Writes it down; the row is locked.
async fn show(txn: &DatabaseTransaction, video: VideoId, seen: &Seen) -> Result<(), RuleError> {
    let update = videos::Entity::update_many()
        .set(videos::ActiveModel {
            visibility: Set(seen.visibility.as_str().into()),
            visibility_reason: Set(seen.reason.clone()),
            visibility_at: Set(seen.at),
            ..Default::default()
        })
        .filter(videos::Column::Id.eq(video.0));
    if changed(update, txn).await? { Ok(()) } else { Err(RuleError::NotFound) }
}

/// How it was before the actor's last ruling, if that is what stands now.
async fn last_ruling(
    txn: &DatabaseTransaction,
    actor: &Actor,
    video: VideoId,
    now: &Seen,
) -> Result<Option<Seen>, StoreError> {
    let subject = Subject::video(video);
    let rulings =
        RULINGS.iter().chain(&[Action::VIDEO_RULING_UNDONE]).map(|action| action.as_str());
    let last = audit_log::Entity::find()
        .filter(audit_log::Column::SubjectKind.eq(subject.kind))
        .filter(audit_log::Column::SubjectId.eq(subject.id))
        .filter(audit_log::Column::Action.is_in(rulings))
        .order_by_desc(audit_log::Column::Id)
        .one(txn)
        .await?;
    let Some(last) = last.filter(|last| last.actor_id == actor.id.map(|id| id.0)) else {
        return Ok(None);
    };
    let undone = last.action == Action::VIDEO_RULING_UNDONE.as_str();
    let read = |json: Option<_>| json.and_then(|json| serde_json::from_value::<Seen>(json).ok());
    let stands = !undone && read(last.after).as_ref() == Some(now);
    Ok(if stands { read(last.before) } else { None })
}

fn changing(
    action: Action,
    video: VideoId,
    before: &Seen,
    after: &Seen,
) -> Result<Deed, StoreError> {
    let deed = Deed::new(action, Subject::video(video));
    Ok(deed.before(to_json(before)?).after(to_json(after)?))
}
