//! Published videos, page by page.

use anb_domain::{AttemptNo, PlayerId, VideoId};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _, Order},
};

use super::{from_place, in_category, place, published, search::mentions, with_players};
use crate::{
    Page, Store, StoreError,
    entity::{players, videos},
    row::{count, player_name, to_i64, within_i64},
};

/// A published video.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicVideo {
    pub id: VideoId,
    pub owner: PlayerId,
    pub title: String,
    /// The id of one of the contest's categories, where it has some.
    pub category: Option<String>,
    /// First and last name.
    pub player_name: String,
    pub city: String,
    pub country: String,
    /// The attempt that was published: part of the objects' keys.
    pub attempt: AttemptNo,
    pub duration_s: Option<f64>,
    pub votes: u64,
    pub uploaded_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// Newest first.
    #[default]
    Recent,
    /// Most votes first; among equals the newest.
    Votes,
}

/// Which published videos, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PublicFilter {
    /// Compared without regard to case.
    pub city: Option<String>,
    pub country: Option<String>,
    /// Words that must occur in the title or the player's name, in any case.
    pub q: Option<String>,
    /// Only of this category.
    pub category: Option<String>,
    /// Only of this player.
    pub player: Option<PlayerId>,
    pub sort: Sort,
    pub limit: u64,
    pub skip: u64,
    /// Begins after this video, the last of the previous page (`skip` still
    /// applies). The sort key travels with it, so that votes cast meanwhile
    /// neither repeat nor skip a row that kept its place.
    pub after: Option<Cursor>,
    /// The way back: ends before this video, the first of the following page.
    /// The rows are the `limit` nearest to it (`skip` leaves out the nearest),
    /// in the order of the list as ever; fewer only at its beginning. To tell
    /// whether there is yet another page before, ask for one row more: it
    /// comes first.
    pub before: Option<Cursor>,
}

/// The place of a row in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub votes: u64,
    pub id: VideoId,
}

impl From<&PublicVideo> for Cursor {
    fn from(video: &PublicVideo) -> Self {
        Self { votes: video.votes, id: video.id }
    }
}

impl Store {
    /// A page, and how many videos the filter lets through on all pages.
    pub async fn public_videos(
        &self,
        filter: &PublicFilter,
    ) -> Result<Page<PublicVideo>, StoreError> {
        let total = self.public_total(filter).await?;
        Ok(Page { items: self.public_page(filter).await?, total })
    }

    /// A page alone: counting the others takes longer than reading one.
    pub async fn public_page(&self, filter: &PublicFilter) -> Result<Vec<PublicVideo>, StoreError> {
        let (city, country) = (filter.city.as_deref(), filter.country.as_deref());
        let rows = shown(matching(filter)).filter(place(city, country));
        let mut rows =
            cut_out(rows, filter).into_model::<PublicRow>().all(self.db.reader()).await?;
        if filter.before.is_some() {
            rows.reverse();
        }
        rows.into_iter().map(PublicVideo::try_from).collect()
    }

    /// How many videos the filter lets through, wherever the page begins.
    pub async fn public_total(&self, filter: &PublicFilter) -> Result<u64, StoreError> {
        let (city, country) = (filter.city.as_deref(), filter.country.as_deref());
        let total: Option<i64> = from_place(matching(filter), city, country)
            .select_only()
            .expr_as(Expr::cust("COUNT(*)"), "total")
            .into_tuple()
            .one(self.db.reader())
            .await?;
        count("videos", "id", total.unwrap_or_default())
    }

    /// A published video; `None` in every other state.
    pub async fn public_video(&self, id: VideoId) -> Result<Option<PublicVideo>, StoreError> {
        let row = shown(published())
            .filter(videos::Column::Id.eq(id.0))
            .into_model::<PublicRow>()
            .one(self.db.reader())
            .await?;
        row.map(PublicVideo::try_from).transpose()
    }

    /// Every published video of these, in no order.
    pub(crate) async fn public_videos_among(
        &self,
        these: Select<videos::Entity>,
    ) -> Result<Vec<PublicVideo>, StoreError> {
        let ids = these.select_only().column(videos::Column::Id).into_query();
        let rows = shown(published())
            .filter(videos::Column::Id.in_subquery(ids))
            .into_model::<PublicRow>()
            .all(self.db.reader())
            .await?;
        rows.into_iter().map(PublicVideo::try_from).collect()
    }
}

#[derive(FromQueryResult)]
struct PublicRow {
    id: Uuid,
    owner_id: Uuid,
    title: String,
    category: Option<String>,
    first_name: String,
    last_name: String,
    city: String,
    country: String,
    attempt: i32,
    duration_s: Option<f64>,
    votes: i64,
    created_at: DateTime<Utc>,
    uploaded_at: Option<DateTime<Utc>>,
}

/// All that a [`PublicRow`] takes.
fn shown(videos: Select<videos::Entity>) -> Select<videos::Entity> {
    with_players(videos)
        .select_only()
        .columns([
            videos::Column::Id,
            videos::Column::OwnerId,
            videos::Column::Title,
            videos::Column::Category,
            videos::Column::Attempt,
            videos::Column::DurationS,
            videos::Column::Votes,
            videos::Column::CreatedAt,
            videos::Column::UploadedAt,
        ])
        .columns([
            players::Column::FirstName,
            players::Column::LastName,
            players::Column::City,
            players::Column::Country,
        ])
}

/// What the filter lets through, wherever its players come from.
fn matching(filter: &PublicFilter) -> Select<videos::Entity> {
    published()
        .apply_if(filter.player, |rows, player| rows.filter(videos::Column::OwnerId.eq(player.0)))
        .apply_if(filter.q.as_deref(), |rows, q| rows.filter(mentions(q)))
        .apply_if(filter.category.as_deref(), in_category)
}

/// The rows of the page; backwards on the way back.
fn cut_out(rows: Select<videos::Entity>, filter: &PublicFilter) -> Select<videos::Entity> {
    let order = if filter.before.is_some() { Order::Asc } else { Order::Desc };
    let key: &[_] = match filter.sort {
        Sort::Recent => &[videos::Column::Id],
        Sort::Votes => &[videos::Column::Votes, videos::Column::Id],
    };
    let here = || Expr::tuple(key.iter().map(|column| column.into_expr()));
    let there = |cursor: Cursor| {
        Expr::tuple(key.iter().map(|column| match column {
            videos::Column::Votes => Expr::val(to_i64(cursor.votes)),
            _ => Expr::val(cursor.id.0),
        }))
    };
    let rows = rows
        .apply_if(filter.after, |rows, last| rows.filter(here().lt(there(last))))
        .apply_if(filter.before, |rows, first| rows.filter(here().gt(there(first))));
    key.iter()
        .fold(rows, |rows, column| rows.order_by(*column, order.clone()))
        .limit(within_i64(filter.limit))
        .offset(within_i64(filter.skip))
}

impl TryFrom<PublicRow> for PublicVideo {
    type Error = StoreError;

    fn try_from(row: PublicRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: VideoId(row.id),
            owner: PlayerId(row.owner_id),
            title: row.title,
            category: row.category,
            player_name: player_name(&row.first_name, &row.last_name),
            city: row.city,
            country: row.country,
            attempt: AttemptNo(count("videos", "attempt", row.attempt)?),
            duration_s: row.duration_s,
            votes: count("videos", "votes", row.votes)?,
            uploaded_at: row.uploaded_at.unwrap_or(row.created_at),
        })
    }
}
