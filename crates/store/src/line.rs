//! The line in which accepted videos wait for a worker.

use anb_domain::VideoStatus;
use sea_orm::{
    ConnectionTrait as _,
    sea_query::{Expr, ExprTrait as _, Query},
};

use crate::{Store, StoreError, Video, entity::videos, row::count};

impl Store {
    /// How many videos wait for a worker before this one, whose place in line
    /// is one more. 0 for one that does not wait. A queue need not keep its
    /// order to the letter, so this is what to expect, not what is promised.
    pub async fn ahead_of(&self, video: &Video) -> Result<u64, StoreError> {
        let status = |of: &'static str| Expr::col((of, videos::Column::Status));
        let id = |of: &'static str| Expr::col((of, videos::Column::Id));
        let ahead = Query::select()
            .expr_as(Expr::cust("COUNT(*)"), "ahead")
            .from_as(videos::Entity, "other")
            .from_as(videos::Entity, "own")
            .and_where(id("own").eq(video.id.0))
            .and_where(status("own").eq(VideoStatus::Pending.as_str()))
            .and_where(status("other").eq(VideoStatus::Pending.as_str()))
            .and_where(Expr::cust(BEFORE))
            .take();
        let Some(row) = self.db.reader().query_one(&ahead).await? else { return Ok(0) };
        count("videos", "id", row.try_get::<i64>("", "ahead")?)
    }
}

/// Messages are received in the order in which they were queued; what has none
/// yet comes after all that have.
const BEFORE: &str = "\
(CASE WHEN other.queued_at IS NULL THEN 1 ELSE 0 END, COALESCE(other.queued_at, other.created_at), other.id) < \
(CASE WHEN own.queued_at IS NULL THEN 1 ELSE 0 END, COALESCE(own.queued_at, own.created_at), own.id)";
