//! What the jury has come to. Only panels that are closed have results.

use std::collections::HashMap;

use anb_domain::{
    PlayerId, VideoId,
    jury::{
        Contestant, JuryWeight, PanelStage, Place, Points, SheetState, Total, panel_score, places,
        spread, video_score,
    },
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Select, prelude::Uuid,
};

use super::{Panel, in_scope, panels::grouped, sheets::read_total};
use crate::{
    PublicVideo, Store, StoreError,
    entity::{jury_panels, jury_sheets, videos},
};

/// A video of a closed panel.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoResult {
    pub video: PublicVideo,
    /// What each juror who finished it gives.
    pub totals: Vec<(PlayerId, Total)>,
    /// Among the videos of the panel, jury and votes together.
    pub place: Place,
}

/// The score of each player whom a jury has scored: that of their best video.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JuryScores(HashMap<PlayerId, Points>);

impl JuryScores {
    #[must_use]
    pub fn of(&self, player: PlayerId) -> Option<Points> {
        self.0.get(&player).copied()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl VideoResult {
    #[must_use]
    pub fn score(&self) -> Option<Points> {
        self.place.score.jury
    }

    /// How far the jurors are apart.
    #[must_use]
    pub fn spread(&self) -> Option<Points> {
        spread(&self.totals.iter().map(|(_, total)| *total).collect::<Vec<_>>())
    }

    /// What this juror gives.
    #[must_use]
    pub fn total_of(&self, juror: PlayerId) -> Option<Total> {
        self.totals.iter().find(|(who, _)| *who == juror).map(|(_, total)| *total)
    }
}

impl Store {
    /// The results of a panel, the best first; `None` until it is closed.
    pub async fn panel_results(
        &self,
        panel: &Panel,
        weight: JuryWeight,
    ) -> Result<Option<Vec<VideoResult>>, StoreError> {
        if panel.stage(self.now()) != PanelStage::Closed {
            return Ok(None);
        }
        let videos = self.public_videos_among(in_scope(&panel.scope)).await?;
        let of_panel = finished().filter(jury_sheets::Column::PanelId.eq(panel.id.0));
        let mut totals = grouped(self.totals(of_panel).await?, |(_, video, _, _)| *video);
        let rows = videos.into_iter().map(|video| {
            let totals = totals.remove(&video.id.0).unwrap_or_default();
            let totals = totals.into_iter().map(|(_, _, juror, total)| (PlayerId(juror), total));
            (video, totals.collect::<Vec<_>>())
        });
        let rows: Vec<_> = rows.collect();
        let contestants: Vec<_> = rows
            .iter()
            .map(|(video, totals)| {
                let totals: Vec<_> = totals.iter().map(|(_, total)| *total).collect();
                Contestant { votes: video.votes, jury: panel_score(&totals) }
            })
            .collect();
        let places = places(&contestants, weight);
        let mut results: Vec<_> = rows
            .into_iter()
            .zip(places)
            .map(|((video, totals), place)| VideoResult { video, totals, place })
            .collect();
        results.sort_by_key(|result| (result.place.position, result.video.id));
        Ok(Some(results))
    }

    /// What closed panels have come to about players with these videos.
    pub(crate) async fn jury_scores(
        &self,
        videos: Select<videos::Entity>,
    ) -> Result<JuryScores, StoreError> {
        let closed = jury_panels::Entity::find()
            .select_only()
            .column(jury_panels::Column::Id)
            .filter(
                Condition::any()
                    .add(jury_panels::Column::ClosedAt.is_not_null())
                    .add(jury_panels::Column::ClosesAt.lte(self.now())),
            )
            .into_query();
        let counting = finished().filter(jury_sheets::Column::PanelId.in_subquery(closed));
        let totals = self.totals(counting).await?;
        if totals.is_empty() {
            return Ok(JuryScores::default());
        }
        let scored = finished().select_only().column(jury_sheets::Column::VideoId).into_query();
        let owners: HashMap<Uuid, Uuid> = videos
            .filter(videos::Column::Id.in_subquery(scored))
            .select_only()
            .columns([videos::Column::Id, videos::Column::OwnerId])
            .into_tuple::<(Uuid, Uuid)>()
            .all(self.db.reader())
            .await?
            .into_iter()
            .collect();
        let mut best = HashMap::<_, Points>::new();
        for (video, score) in by_video(totals) {
            if let Some(owner) = owners.get(&video.0) {
                let best = best.entry(PlayerId(*owner)).or_default();
                *best = score.max(*best);
            }
        }
        Ok(JuryScores(best))
    }

    /// Panel, video, juror, and what the juror gives.
    async fn totals(
        &self,
        sheets: Select<jury_sheets::Entity>,
    ) -> Result<Vec<(Uuid, Uuid, Uuid, Total)>, StoreError> {
        use jury_sheets::Column as C;
        let rows: Vec<(Uuid, Uuid, Uuid, i32)> = sheets
            .select_only()
            .columns([C::PanelId, C::VideoId, C::JurorId, C::Total])
            .into_tuple()
            .all(self.db.reader())
            .await?;
        rows.into_iter()
            .map(|(panel, video, juror, total)| Ok((panel, video, juror, read_total(total)?)))
            .collect()
    }
}

fn finished() -> Select<jury_sheets::Entity> {
    jury_sheets::Entity::find().filter(jury_sheets::Column::State.eq(SheetState::Finished.as_str()))
}

fn by_video(totals: Vec<(Uuid, Uuid, Uuid, Total)>) -> impl Iterator<Item = (VideoId, Points)> {
    grouped(totals, |(_, video, _, _)| *video).into_iter().filter_map(|(video, totals)| {
        let panels = grouped(totals, |(panel, ..)| *panel).into_values();
        let scores = panels.filter_map(|totals| {
            panel_score(&totals.into_iter().map(|(_, _, _, total)| total).collect::<Vec<_>>())
        });
        Some((VideoId(video), video_score(&scores.collect::<Vec<_>>())?))
    })
}
