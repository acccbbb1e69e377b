//! How far a panel is: who has marked how much, never what.

use std::collections::HashMap;

use anb_domain::{Email, PlayerId, VideoId, jury::SheetState};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    prelude::Uuid,
};

use super::{Panel, in_scope, sheets::state_of};
use crate::{
    Player, Store, StoreError,
    entity::{jury_sheets, players, videos},
    row::player_name,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelProgress {
    /// By name.
    pub jurors: Vec<JurorProgress>,
    /// Newest first.
    pub videos: Vec<VideoProgress>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JurorProgress {
    pub juror: PlayerId,
    pub name: String,
    pub email: Email,
    pub finished: usize,
    pub drafts: usize,
    pub recused: usize,
    /// Every video of the panel but their own.
    pub total: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoProgress {
    pub video: VideoId,
    pub title: String,
    pub finished: usize,
    /// Jurors that are to mark it: neither its player nor those with a
    /// conflict of interest.
    pub expected: usize,
}

impl JurorProgress {
    #[must_use]
    pub fn done(&self) -> usize {
        self.finished + self.recused
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done() == self.total
    }
}

impl PanelProgress {
    /// Sheets done, and all there are.
    #[must_use]
    pub fn sheets(&self) -> (usize, usize) {
        self.jurors
            .iter()
            .fold((0, 0), |(done, total), juror| (done + juror.done(), total + juror.total))
    }
}

impl Store {
    pub async fn panel_progress(&self, panel: &Panel) -> Result<PanelProgress, StoreError> {
        let db = self.db.reader();
        let clips: Vec<(Uuid, Uuid, String)> = in_scope(&panel.scope)
            .select_only()
            .columns([videos::Column::Id, videos::Column::OwnerId, videos::Column::Title])
            .order_by_desc(videos::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        let sheets = jury_sheets::Entity::find()
            .filter(jury_sheets::Column::PanelId.eq(panel.id.0))
            .all(db)
            .await?;
        let states = sheets
            .iter()
            .map(|sheet| Ok(((sheet.video_id, sheet.juror_id), state_of(sheet)?)))
            .collect::<Result<HashMap<_, _>, StoreError>>()?;
        let members = self.members(panel).await?;
        let jurors = members.iter().map(|member| JurorProgress::of(member, &clips, &states));
        Ok(PanelProgress {
            jurors: jurors.collect(),
            videos: clips.iter().map(|clip| VideoProgress::of(clip, panel, &states)).collect(),
        })
    }

    /// The people in a panel, by name.
    pub async fn members(&self, panel: &Panel) -> Result<Vec<Player>, StoreError> {
        let rows = players::Entity::find()
            .filter(players::Column::Id.is_in(panel.members.iter().map(|member| member.0)))
            .order_by_asc(players::Column::NameKey)
            .order_by_asc(players::Column::Id)
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(Player::try_from).collect()
    }
}

type States = HashMap<(Uuid, Uuid), SheetState>;

impl JurorProgress {
    fn of(juror: &Player, clips: &[(Uuid, Uuid, String)], states: &States) -> Self {
        let others = clips.iter().filter(|(_, owner, _)| *owner != juror.id.0);
        let found: Vec<_> =
            others.map(|(video, ..)| states.get(&(*video, juror.id.0)).copied()).collect();
        let of = |state| found.iter().filter(|found| **found == Some(state)).count();
        Self {
            juror: juror.id,
            name: player_name(&juror.first_name, &juror.last_name),
            email: juror.email.clone(),
            finished: of(SheetState::Finished),
            drafts: of(SheetState::Draft),
            recused: of(SheetState::Recused),
            total: found.len(),
        }
    }
}

impl VideoProgress {
    fn of((video, owner, title): &(Uuid, Uuid, String), panel: &Panel, states: &States) -> Self {
        let others = panel.members.iter().filter(|member| member.0 != *owner);
        let found: Vec<_> = others.map(|member| states.get(&(*video, member.0)).copied()).collect();
        let of = |state| found.iter().filter(|found| **found == Some(state)).count();
        Self {
            video: VideoId(*video),
            title: title.clone(),
            finished: of(SheetState::Finished),
            expected: found.len() - of(SheetState::Recused),
        }
    }
}
