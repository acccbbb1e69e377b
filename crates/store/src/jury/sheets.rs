//! What a juror sees: the videos of a panel in an order of their own, under
//! names that say nothing.

use std::collections::HashMap;

use anb_domain::{
    AttemptNo, CriterionId, PanelId, PlayerId, VideoId,
    jury::{Mark, PanelScope, SheetState, Total},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    prelude::Uuid,
};
use sha2::{Digest as _, Sha256};

use super::{Panel, in_scope, panels};
use crate::{
    Store, StoreError,
    entity::{jury_members, jury_panels, jury_scores, jury_sheets, videos},
    row::{corrupt, count, name},
};

/// Bytes of a sheet's key: enough that no two of a panel are alike.
const KEY_BYTES: usize = 12;

/// A panel as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JurorPanel {
    pub panel: Panel,
    /// In the order of this juror: at random, and always the same.
    pub sheets: Vec<SheetLine>,
}

/// A video to be marked, without a word of what or whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// What the sheet is called towards this juror.
    pub key: String,
    pub state: SheetState,
    pub(super) video: VideoId,
}

/// A sheet with all that is on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub video: VideoId,
    /// The attempt that was published.
    pub attempt: AttemptNo,
    pub state: SheetState,
    pub marks: HashMap<CriterionId, Mark>,
    pub comment: String,
    /// Only when it is finished.
    pub total: Option<Total>,
}

impl JurorPanel {
    /// Videos with which the juror has nothing left to do.
    #[must_use]
    pub fn done(&self) -> usize {
        self.sheets.iter().filter(|sheet| sheet.state.is_done()).count()
    }

    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.sheets.iter().position(|sheet| sheet.key == key)
    }

    /// The next video that is not done, after this one, and then from the
    /// beginning.
    #[must_use]
    pub fn next_open(&self, after: Option<&str>) -> Option<&SheetLine> {
        let begin = after.and_then(|key| self.position(key)).map_or(0, |at| at + 1);
        let (before, behind) = self.sheets.split_at(begin);
        behind.iter().chain(before).find(|sheet| !sheet.state.is_done())
    }
}

impl Store {
    /// The panels of a juror, the newest first.
    pub async fn panels_of(&self, juror: PlayerId) -> Result<Vec<JurorPanel>, StoreError> {
        let db = self.db.reader();
        let seats = seats(db, juror, None).await?;
        let ids = seats.iter().map(|seat| seat.panel_id);
        let own = jury_panels::Entity::find().filter(jury_panels::Column::Id.is_in(ids));
        let mut found = Vec::new();
        for panel in panels::load(db, own).await? {
            let seat = seats.iter().find(|seat| seat.panel_id == panel.id.0);
            if let Some(seat) = seat {
                found.push(seen_from(db, panel, seat).await?);
            }
        }
        Ok(found)
    }

    /// A panel as this juror sees it; `None` to whoever has no seat in it.
    pub async fn panel_for(
        &self,
        panel: PanelId,
        juror: PlayerId,
    ) -> Result<Option<JurorPanel>, StoreError> {
        panel_for(self.db.reader(), panel, juror).await
    }

    /// A juror's sheet; `None` where there is no such video for them.
    pub async fn sheet(
        &self,
        panel: &JurorPanel,
        juror: PlayerId,
        key: &str,
    ) -> Result<Option<Sheet>, StoreError> {
        let Some(line) = panel.sheets.iter().find(|line| line.key == key) else { return Ok(None) };
        sheet(self.db.reader(), panel.panel.id, line.video, juror).await
    }
}

pub(super) async fn panel_for(
    db: &impl ConnectionTrait,
    panel: PanelId,
    juror: PlayerId,
) -> Result<Option<JurorPanel>, StoreError> {
    let Some(seat) = seats(db, juror, Some(panel)).await?.pop() else { return Ok(None) };
    let Some(panel) = panels::one(db, panel).await? else { return Ok(None) };
    seen_from(db, panel, &seat).await.map(Some)
}

pub(super) async fn sheet(
    db: &impl ConnectionTrait,
    panel: PanelId,
    video: VideoId,
    juror: PlayerId,
) -> Result<Option<Sheet>, StoreError> {
    let Some(clip) = videos::Entity::find_by_id(video.0).one(db).await? else { return Ok(None) };
    let row = jury_sheets::Entity::find_by_id((panel.0, video.0, juror.0)).one(db).await?;
    let blank = || (SheetState::Blank, String::new(), None);
    let (state, comment, total) = match row {
        Some(row) => (state_of(&row)?, row.comment.clone(), total_of(&row)?),
        None => blank(),
    };
    Ok(Some(Sheet {
        video,
        attempt: AttemptNo(count("videos", "attempt", clip.attempt)?),
        state,
        marks: marks(db, panel, video, juror).await?,
        comment,
        total,
    }))
}

async fn marks(
    db: &impl ConnectionTrait,
    panel: PanelId,
    video: VideoId,
    juror: PlayerId,
) -> Result<HashMap<CriterionId, Mark>, StoreError> {
    let rows = jury_scores::Entity::find()
        .filter(jury_scores::Column::PanelId.eq(panel.0))
        .filter(jury_scores::Column::VideoId.eq(video.0))
        .filter(jury_scores::Column::JurorId.eq(juror.0))
        .all(db)
        .await?;
    let mark = |row: jury_scores::Model| {
        let half_points: u8 = count("jury_scores", "half_points", row.half_points)?;
        let mark = Mark::try_from(half_points);
        let mark = mark.map_err(|_| corrupt("jury_scores", "half_points", half_points))?;
        Ok((CriterionId(row.criterion_id), mark))
    };
    rows.into_iter().map(mark).collect()
}

pub(super) fn state_of(row: &jury_sheets::Model) -> Result<SheetState, StoreError> {
    name("jury_sheets", "state", &row.state)
}

pub(super) fn total_of(row: &jury_sheets::Model) -> Result<Option<Total>, StoreError> {
    row.total.map(read_total).transpose()
}

pub(super) fn read_total(total: i32) -> Result<Total, StoreError> {
    let sum: u32 = count("jury_sheets", "total", total)?;
    Total::try_from(sum).map_err(|sum| corrupt("jury_sheets", "total", sum))
}

async fn seats(
    db: &impl ConnectionTrait,
    juror: PlayerId,
    panel: Option<PanelId>,
) -> Result<Vec<jury_members::Model>, StoreError> {
    let mut seats = jury_members::Entity::find().filter(jury_members::Column::JurorId.eq(juror.0));
    if let Some(panel) = panel {
        seats = seats.filter(jury_members::Column::PanelId.eq(panel.0));
    }
    Ok(seats.all(db).await?)
}

/// Nobody marks a video of their own.
async fn seen_from(
    db: &impl ConnectionTrait,
    panel: Panel,
    seat: &jury_members::Model,
) -> Result<JurorPanel, StoreError> {
    let others = videos_in(db, &panel.scope).await?;
    let others = others.into_iter().filter(|(_, owner)| *owner != seat.juror_id);
    let states = states(db, seat).await?;
    let line = |(video, _): (Uuid, Uuid)| SheetLine {
        key: sheet_key(seat.seed, video),
        state: states.get(&video).copied().unwrap_or(SheetState::Blank),
        video: VideoId(video),
    };
    let mut sheets: Vec<_> = others.map(line).collect();
    sheets.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(JurorPanel { panel, sheets })
}

/// The videos of a scope, with their owners.
pub(super) async fn videos_in(
    db: &impl ConnectionTrait,
    scope: &PanelScope,
) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    Ok(in_scope(scope)
        .select_only()
        .columns([videos::Column::Id, videos::Column::OwnerId])
        .into_tuple()
        .all(db)
        .await?)
}

async fn states(
    db: &impl ConnectionTrait,
    seat: &jury_members::Model,
) -> Result<HashMap<Uuid, SheetState>, StoreError> {
    let rows = jury_sheets::Entity::find()
        .filter(jury_sheets::Column::PanelId.eq(seat.panel_id))
        .filter(jury_sheets::Column::JurorId.eq(seat.juror_id))
        .all(db)
        .await?;
    rows.iter().map(|row| Ok((row.video_id, state_of(row)?))).collect()
}

/// What a sheet is called, and its place in the juror's order. Nobody who does
/// not know the seed learns from it which video it is.
fn sheet_key(seed: Uuid, video: Uuid) -> String {
    let digest = Sha256::new().chain_update(seed).chain_update(video).finalize();
    let digits = digest.iter().take(KEY_BYTES).flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_jurors_own_and_stays() {
        let videos = || (0..50).map(Uuid::from_u128);
        let order = |seed| {
            let mut videos: Vec<_> = videos().collect();
            videos.sort_by_cached_key(|video| sheet_key(Uuid::from_u128(seed), *video));
            videos
        };
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
        assert_ne!(order(1), videos().collect::<Vec<_>>());
        assert_eq!(sheet_key(Uuid::nil(), Uuid::nil()).len(), 2 * KEY_BYTES);
    }
}
