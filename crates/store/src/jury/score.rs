//! A juror marks a video.

use std::collections::HashMap;

use anb_domain::{
    Action, CriterionId, PanelId, PlayerId, VideoId,
    jury::{Comment, Mark, PanelStage, SheetState, Total},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, prelude::Json, sea_query::OnConflict,
};
use serde_json::json;
use thiserror::Error;

use super::{
    Panel, Sheet,
    plan::subject,
    sheets::{panel_for, sheet},
};
use crate::{
    Actor, Deed, Store, StoreError,
    entity::{jury_panels, jury_scores, jury_sheets},
};

/// What a juror hands in.
#[derive(Debug, Clone)]
pub struct SheetEntry {
    /// A mark that is not among them stays as it was: an old page that is
    /// still open takes nothing away.
    pub marks: HashMap<CriterionId, Mark>,
    pub comment: Comment,
    pub intent: SheetIntent,
}

/// What is to become of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetIntent {
    /// Kept, to go on later. A finished one stays finished.
    Keep,
    /// From now on it counts.
    Finish,
    /// The juror has a conflict of interest; marks are dropped.
    Recuse,
    /// There is none after all.
    Return,
}

#[derive(Debug, Error)]
pub enum SaveError {
    /// Not in this panel, or not for this juror.
    #[error("there is no such sheet")]
    NotFound,
    #[error("the panel does not take marks now")]
    NotOpen(PanelStage),
    #[error("marks are missing")]
    Incomplete(Vec<CriterionId>),
    #[error("the juror has declared a conflict of interest")]
    Recused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes a sheet: what it says is there when this returns. Gives back its
    /// state.
    pub async fn save_sheet(
        &self,
        panel: PanelId,
        juror: PlayerId,
        key: &str,
        entry: &SheetEntry,
        actor: &Actor,
    ) -> Result<SheetState, SaveError> {
        let txn = self.db.begin().await?;
        // Shared: jurors do not wait for each other, but whoever closes or
        // changes the panel waits for them.
        jury_panels::Entity::find_by_id(panel.0).lock_shared().one(&txn).await?;
        let seen = panel_for(&txn, panel, juror).await?.ok_or(SaveError::NotFound)?;
        let at = seen.position(key).ok_or(SaveError::NotFound)?;
        let stage = seen.panel.stage(self.now());
        if stage != PanelStage::Open {
            return Err(SaveError::NotOpen(stage));
        }
        let video = seen.sheets[at].video;
        let before = sheet(&txn, panel, video, juror).await?.ok_or(SaveError::NotFound)?;
        let after = revised(&seen.panel, &before, entry)?;
        self.write(&txn, panel, juror, &after).await?;
        let (was, is) = (described(&seen.panel, &before), described(&seen.panel, &after));
        if was != is {
            let action = match entry.intent {
                SheetIntent::Keep | SheetIntent::Finish => Action::SCORE_GIVEN,
                SheetIntent::Recuse | SheetIntent::Return => Action::CONFLICT_DECLARED,
            };
            self.note(&txn, actor, Deed::new(action, subject(panel)).before(was).after(is)).await?;
        }
        txn.commit().await?;
        Ok(after.state)
    }

    async fn write(
        &self,
        txn: &DatabaseTransaction,
        panel: PanelId,
        juror: PlayerId,
        sheet: &Sheet,
    ) -> Result<(), StoreError> {
        use jury_sheets::Column as C;
        let VideoId(video) = sheet.video;
        let row = jury_sheets::ActiveModel {
            panel_id: Set(panel.0),
            video_id: Set(video),
            juror_id: Set(juror.0),
            state: Set(sheet.state.as_str().to_owned()),
            total: Set(sheet.total.and_then(|total| total.weighted_half_points().try_into().ok())),
            comment: Set(sheet.comment.clone()),
            updated_at: Set(self.now()),
        };
        let replace = OnConflict::columns([C::PanelId, C::VideoId, C::JurorId])
            .update_columns([C::State, C::Total, C::Comment, C::UpdatedAt])
            .to_owned();
        jury_sheets::Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
        jury_scores::Entity::delete_many()
            .filter(jury_scores::Column::PanelId.eq(panel.0))
            .filter(jury_scores::Column::VideoId.eq(video))
            .filter(jury_scores::Column::JurorId.eq(juror.0))
            .exec(txn)
            .await?;
        let rows = sheet.marks.iter().map(|(criterion, mark)| jury_scores::ActiveModel {
            panel_id: Set(panel.0),
            video_id: Set(video),
            juror_id: Set(juror.0),
            criterion_id: Set(criterion.0),
            half_points: Set(mark.half_points().into()),
        });
        let rows: Vec<_> = rows.collect();
        if !rows.is_empty() {
            jury_scores::Entity::insert_many(rows).exec_without_returning(txn).await?;
        }
        Ok(())
    }
}

/// The sheet as it is to be.
fn revised(panel: &Panel, before: &Sheet, entry: &SheetEntry) -> Result<Sheet, SaveError> {
    let comment = entry.comment.as_str().to_owned();
    let marked = Sheet { comment, marks: merged(panel, before, entry), ..before.clone() };
    let finishing = match (entry.intent, before.state) {
        (SheetIntent::Recuse, _) => {
            let marks = HashMap::new();
            return Ok(Sheet { state: SheetState::Recused, total: None, marks, ..marked });
        }
        (SheetIntent::Return, SheetState::Recused) => false,
        (_, SheetState::Recused) => return Err(SaveError::Recused),
        (SheetIntent::Finish, _) | (_, SheetState::Finished) => true,
        (SheetIntent::Keep | SheetIntent::Return, _) => false,
    };
    if !finishing {
        return Ok(Sheet { state: SheetState::Draft, total: None, ..marked });
    }
    let total = total(panel, &marked.marks)?;
    Ok(Sheet { state: SheetState::Finished, total: Some(total), ..marked })
}

/// Marks for what this panel does not ask are left out.
fn merged(panel: &Panel, before: &Sheet, entry: &SheetEntry) -> HashMap<CriterionId, Mark> {
    let asked = panel.criteria.iter().filter_map(|criterion| {
        let mark = entry.marks.get(&criterion.id).or_else(|| before.marks.get(&criterion.id))?;
        Some((criterion.id, *mark))
    });
    asked.collect()
}

fn total(panel: &Panel, marks: &HashMap<CriterionId, Mark>) -> Result<Total, SaveError> {
    let ids = || panel.criteria.iter().map(|criterion| criterion.id);
    let in_order: Vec<_> = ids().map(|id| marks.get(&id).copied()).collect();
    let missing = || ids().filter(|id| !marks.contains_key(id)).collect();
    panel.rules()?.total(&in_order).ok_or_else(|| SaveError::Incomplete(missing()))
}

/// As the audit log keeps it: without the comment, which is the jury's alone.
fn described(panel: &Panel, sheet: &Sheet) -> Json {
    let marks: serde_json::Map<_, _> = panel
        .criteria
        .iter()
        .filter_map(|one| Some((one.name.clone(), sheet.marks.get(&one.id)?.to_string().into())))
        .collect();
    json!({ "video": sheet.video, "state": sheet.state.as_str(), "marks": marks })
}
