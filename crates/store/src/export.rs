//! Whole tables, a page at a time. Each page begins behind the key at which the
//! last one ended: whatever is written meanwhile, no row comes twice and none
//! that was there all the time is left out.

use std::collections::HashMap;

use anb_domain::{PlayerId, VideoId, vote_review::VoteKey};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, prelude::Uuid, sea_query::ExprTrait as _,
};

use crate::{
    Store, StoreError, Video,
    entity::{audit_log, players, videos, votes},
    row::{player_name, within_i64},
    videos::load_all,
};

/// A vote, struck or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastVote {
    pub video: VideoId,
    pub voter: PlayerId,
    pub cast_at: DateTime<Utc>,
    /// Keyed hashes.
    pub network: Option<String>,
    pub device: Option<String>,
    pub struck_at: Option<DateTime<Utc>>,
    pub struck_reason: Option<String>,
}

/// Whose a video is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub name: String,
    pub city: String,
    pub country: String,
}

impl Store {
    /// The votes behind this one, in the order of their keys.
    pub async fn votes_after(
        &self,
        last: Option<VoteKey>,
        limit: u64,
    ) -> Result<Vec<CastVote>, StoreError> {
        let rows = votes::Entity::find()
            .apply_if(last, |rows, (video, voter)| rows.filter(behind(video, voter)))
            .order_by_asc(votes::Column::VideoId)
            .order_by_asc(votes::Column::PlayerId)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        Ok(rows.into_iter().map(CastVote::from).collect())
    }

    /// The videos behind this one, in whatever state, tombstones included; each
    /// with its owner, where there still is one.
    pub async fn videos_after(
        &self,
        last: Option<VideoId>,
        limit: u64,
    ) -> Result<Vec<(Video, Option<Owner>)>, StoreError> {
        let page = videos::Entity::find()
            .apply_if(last, |rows, last| rows.filter(videos::Column::Id.gt(last.0)))
            .order_by_asc(videos::Column::Id)
            .limit(within_i64(limit));
        let videos = load_all(self.db.reader(), page).await?;
        let owners = self.owners(&videos).await?;
        let with_owner = |video: Video| {
            let owner = owners.get(&video.owner.0).cloned();
            (video, owner)
        };
        Ok(videos.into_iter().map(with_owner).collect())
    }

    async fn owners(&self, videos: &[Video]) -> Result<HashMap<Uuid, Owner>, StoreError> {
        let rows = players::Entity::find()
            .filter(players::Column::Id.is_in(videos.iter().map(|video| video.owner.0)))
            .all(self.db.reader())
            .await?;
        let owner = |row: players::Model| {
            let name = player_name(&row.first_name, &row.last_name);
            (row.id, Owner { name, city: row.city, country: row.country })
        };
        Ok(rows.into_iter().map(owner).collect())
    }

    /// How many votes there are, struck ones included.
    pub async fn votes_total(&self) -> Result<u64, StoreError> {
        Ok(votes::Entity::find().count(self.db.reader()).await?)
    }

    /// How many videos there are, tombstones included.
    pub async fn videos_total(&self) -> Result<u64, StoreError> {
        Ok(videos::Entity::find().count(self.db.reader()).await?)
    }

    /// How much has been noted.
    pub async fn audit_total(&self) -> Result<u64, StoreError> {
        Ok(audit_log::Entity::find().count(self.db.reader()).await?)
    }
}

fn behind(video: VideoId, voter: PlayerId) -> Condition {
    let same_video = votes::Column::VideoId.eq(video.0).and(votes::Column::PlayerId.gt(voter.0));
    Condition::all()
        // For the index: neither database finds its way into an OR.
        .add(votes::Column::VideoId.gte(video.0))
        .add(votes::Column::VideoId.gt(video.0).or(same_video))
}

impl From<votes::Model> for CastVote {
    fn from(row: votes::Model) -> Self {
        Self {
            video: VideoId(row.video_id),
            voter: PlayerId(row.player_id),
            cast_at: row.created_at,
            network: row.network,
            device: row.device,
            struck_at: row.struck_at,
            struck_reason: row.struck_reason,
        }
    }
}
