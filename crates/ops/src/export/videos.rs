//! Videos in whatever state, tombstones included.

use anb_domain::VideoId;
use anb_store::{Owner, Store, StoreError, Video};
use serde_json::json;

use super::{PAGE, Row, moment};

pub const COLUMNS: [&str; 18] = [
    "id",
    "title",
    "category",
    "status",
    "visibility",
    "visibility_reason",
    "player",
    "name",
    "city",
    "country",
    "votes",
    "size_bytes",
    "duration_s",
    "failure",
    "created_at",
    "uploaded_at",
    "processed_at",
    "deleted_at",
];

pub async fn page(store: &Store, last: &mut Option<VideoId>) -> Result<Vec<Row>, StoreError> {
    let videos = store.videos_after(*last, PAGE).await?;
    *last = videos.last().map(|(video, _)| video.id).or(*last);
    Ok(videos.into_iter().map(row).collect())
}

fn row((video, owner): (Video, Option<Owner>)) -> Row {
    let owner = owner.as_ref();
    vec![
        json!(video.id),
        json!(video.title),
        json!(video.category),
        json!(video.status),
        json!(video.visibility.as_str()),
        json!(video.visibility_reason),
        json!(video.owner),
        json!(owner.map(|owner| &owner.name)),
        json!(owner.map(|owner| &owner.city)),
        json!(owner.map(|owner| &owner.country)),
        json!(video.votes),
        json!(video.size_bytes),
        json!(video.duration_s),
        json!(video.failure.map(|failure| failure.code.as_str())),
        moment(video.created_at),
        json!(video.uploaded_at.map(moment)),
        json!(video.processed_at.map(moment)),
        json!(video.deleted_at.map(moment)),
    ]
}
