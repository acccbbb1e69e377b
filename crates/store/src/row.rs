//! From columns to the types of the domain, and back where it is not obvious.

use std::str::FromStr;

use anb_domain::{AttemptId, AttemptNo, Failure, PlayerId, VideoId, VideoStatus, Visibility};
use sea_orm::{FromQueryResult, prelude::Json};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Attempt, OutboxEntry, Player, StoreError, Video,
    entity::{attempts, outbox, players, videos},
};

pub(crate) fn corrupt(
    table: &'static str,
    column: &'static str,
    value: impl std::fmt::Display,
) -> StoreError {
    StoreError::Corrupt { table, column, value: value.to_string() }
}

/// Reads a name (a status, a role).
pub(crate) fn name<T: FromStr>(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(|_| corrupt(table, column, text))
}

/// Reads a count, which no column type keeps from being negative.
pub(crate) fn count<T: TryFrom<i64>>(
    table: &'static str,
    column: &'static str,
    value: impl Into<i64>,
) -> Result<T, StoreError> {
    let value = value.into();
    T::try_from(value).map_err(|_| corrupt(table, column, value))
}

pub(crate) fn json<T: DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    value: Json,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|error| corrupt(table, column, error))
}

/// A value as a JSON column takes it. PostgreSQL keeps no NUL in any text, and
/// what ffmpeg prints about a broken file may well hold one.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<Json, StoreError> {
    let mut json =
        serde_json::to_value(value).map_err(|error| sea_orm::DbErr::Json(error.to_string()))?;
    replace_nul(&mut json);
    Ok(json)
}

fn replace_nul(json: &mut Json) {
    match json {
        Json::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Json::Array(items) => items.iter_mut().for_each(replace_nul),
        Json::Object(fields) => fields.values_mut().for_each(replace_nul),
        _ => {}
    }
}

/// The largest count a column can hold stands for all that are larger.
pub(crate) fn to_i64(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// LIMIT and OFFSET are signed in both databases.
pub(crate) fn within_i64(count: u64) -> u64 {
    count.min(i64::MAX.unsigned_abs())
}

pub(crate) fn attempt_no(no: AttemptNo) -> i32 {
    i32::try_from(no.0).unwrap_or(i32::MAX)
}

pub(crate) fn status_of(row: &videos::Model) -> Result<VideoStatus, StoreError> {
    name("videos", "status", &row.status)
}

pub(crate) fn visibility_of(row: &videos::Model) -> Result<Visibility, StoreError> {
    name("videos", "visibility", &row.visibility)
}

pub(crate) fn tries_of(row: &videos::Model) -> Result<u32, StoreError> {
    count("videos", "tries", row.tries)
}

pub(crate) fn player_name(first: &str, last: &str) -> String {
    format!("{first} {last}")
}

/// A video's row with the progress of its running attempt.
#[derive(Debug, FromQueryResult)]
pub(crate) struct VideoRow {
    #[sea_orm(nested)]
    pub video: videos::Model,
    pub progress: Option<i32>,
}

impl TryFrom<VideoRow> for Video {
    type Error = StoreError;

    fn try_from(VideoRow { video: row, progress }: VideoRow) -> Result<Self, StoreError> {
        let status = status_of(&row)?;
        let visibility = visibility_of(&row)?;
        let progress = if status == VideoStatus::Completed { Some(100) } else { progress };
        Ok(Self {
            id: VideoId(row.id),
            owner: PlayerId(row.owner_id),
            status,
            attempt: AttemptNo(count("videos", "attempt", row.attempt)?),
            tries: tries_of(&row)?,
            progress: count("attempts", "progress", progress.unwrap_or(0))?,
            size_bytes: row
                .size_bytes
                .map(|size| count("videos", "size_bytes", size))
                .transpose()?,
            failure: row.failure.map(|value| json("videos", "failure", value)).transpose()?,
            votes: count("videos", "votes", row.votes)?,
            visibility,
            visibility_reason: row.visibility_reason,
            visibility_at: row.visibility_at,
            title: row.title,
            category: row.category,
            sha256: row.sha256,
            content_type: row.content_type,
            duration_s: row.duration_s,
            created_at: row.created_at,
            uploaded_at: row.uploaded_at,
            processed_at: row.processed_at,
            deleted_at: row.deleted_at,
            recipe: row.recipe,
        })
    }
}

impl TryFrom<attempts::Model> for Attempt {
    type Error = StoreError;

    fn try_from(row: attempts::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: AttemptId(row.id),
            video: VideoId(row.video_id),
            no: AttemptNo(count("attempts", "no", row.no)?),
            outcome: row
                .outcome
                .as_deref()
                .map(|outcome| name("attempts", "outcome", outcome))
                .transpose()?,
            failure: row
                .failure
                .map(|value| json::<Failure>("attempts", "failure", value))
                .transpose()?,
            progress: count("attempts", "progress", row.progress)?,
            steps: json("attempts", "steps", row.steps)?,
            task_ms: row.task_ms.map(|ms| count("attempts", "task_ms", ms)).transpose()?,
            worker: row.worker,
            started_at: row.started_at,
            heartbeat_at: row.heartbeat_at,
            lease_until: row.lease_until,
            finished_at: row.finished_at,
            log_tail: row.log_tail,
            reprocess: row.reprocess,
            replaced_at: row.replaced_at,
        })
    }
}

impl TryFrom<players::Model> for Player {
    type Error = StoreError;

    fn try_from(row: players::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: PlayerId(row.id),
            // Not shown: an address is personal data.
            email: row.email.parse().map_err(|_| corrupt("players", "email", "(not shown)"))?,
            role: name("players", "role", &row.role)?,
            first_name: row.first_name,
            last_name: row.last_name,
            password_hash: row.password_hash,
            city: row.city,
            country: row.country,
            created_at: row.created_at,
            sessions_revoked_at: row.sessions_revoked_at,
        })
    }
}

impl TryFrom<outbox::Model> for OutboxEntry {
    type Error = StoreError;

    fn try_from(row: outbox::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            video_id: VideoId(row.video_id),
            traceparent: row.traceparent,
            created_at: row.created_at,
            tries: count("outbox", "tries", row.tries)?,
        })
    }
}
