//! `POST /console/players/{id}/export`: all that is kept of one player, as a ZIP
//! that is made while it is sent.

use std::io;

use anb_blob::{BlobError, BlobStore};
use anb_domain::{Action, PlayerId, Subject, VideoStatus, keys::ResultFile};
use anb_store::{
    AuditEntry, ConsoleSession, Deed, Player, Report, StoreError, Video, jury::PanelCriterion,
};
use async_zip::{Compression, ZipEntryBuilder, error::ZipError, tokio::write::ZipFileWriter};
use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use futures::{AsyncWriteExt as _, StreamExt as _, future, stream};
use http::header;
use serde_json::{Map, Value, json};
use tokio::io::DuplexStream;
use tokio_util::io::ReaderStream;

use super::{named, player::trace};
use crate::{actor::By, refusal::Refusal, state::AppState};

/// Bytes between the making and the sending.
const BUFFER: usize = 256 << 10;

const README: &str = "\
Todo lo que la plataforma guarda de esta persona.
  profile.json  su cuenta
  videos.json   sus videos; los archivos están en originals/ y results/
  votes.json    por qué videos votó y cuándo
  reports.json  lo que reportó
  audit.json    lo que quienes operan la plataforma hicieron con su cuenta, o ella misma en la consola
  sessions.json sus sesiones abiertas en la consola
  jury.json     lo que puntuó como jurado

All that the platform keeps of this person.
  profile.json  the account
  videos.json   the videos; their files are in originals/ and results/
  votes.json    for which videos they voted, and when
  reports.json  what they reported
  audit.json    what operators did to the account, or the person did in the console
  sessions.json their open sessions in the console
  jury.json     what they scored as a juror
";

/// A file of the archive that lies in storage.
struct Stored {
    name: String,
    key: String,
}

pub async fn export(
    State(app): State<AppState>,
    By(actor): By,
    path: Path<String>,
) -> Result<Response, Refusal> {
    let player = named(&app, path).await?;
    let store = &app.operations.store;
    let videos = store.videos_of(player.id).await.map_err(Refusal::internal)?;
    let votes = store.votes_by(player.id).await.map_err(Refusal::internal)?;
    let reports = store.reports_by(player.id).await.map_err(Refusal::internal)?;
    let audit = trace(&app, &player, u64::MAX).await?;
    let sessions = store.console_sessions_of(player.id).await.map_err(Refusal::internal)?;
    let factor = store.second_factor(player.id).await.map_err(Refusal::internal)?;
    let has_factor = factor.is_some_and(|factor| factor.confirmed);
    let texts = vec![
        ("README.txt", README.to_owned()),
        ("profile.json", pretty(&profile(&player, has_factor))),
        ("videos.json", pretty(&videos.iter().map(video).collect())),
        ("votes.json", pretty(&votes.iter().map(vote).collect())),
        ("reports.json", pretty(&reports.iter().map(report).collect())),
        ("audit.json", pretty(&audit.iter().map(|noted| entry(&player, noted)).collect())),
        ("sessions.json", pretty(&sessions.iter().map(session).collect())),
        ("jury.json", pretty(&scored(&app, player.id).await.map_err(Refusal::internal)?)),
    ];
    let files = files(&app, &videos);
    let deed = Deed::new(Action::PLAYER_EXPORTED, Subject::player(player.id));
    store.record(&actor, deed).await.map_err(Refusal::internal)?;

    let (read, write) = tokio::io::duplex(BUFFER);
    let blobs = std::sync::Arc::clone(&app.blobs);
    let made = tokio::spawn(async move {
        archive(write, texts, files, blobs.as_ref()).await.map_err(|error| {
            tracing::warn!(%error, "data export broken off");
            io::Error::other("the archive is not whole")
        })
    });
    // A download that breaks off must not look as if it had ended.
    let end = stream::once(async { made.await.map_err(io::Error::other).flatten() });
    let end = end.filter_map(|ended| future::ready(ended.err().map(Err)));
    let name = format!("attachment; filename=\"player-{}.zip\"", player.id);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(read).chain(end))).into_response())
}

#[derive(Debug, thiserror::Error)]
enum ArchiveError {
    #[error(transparent)]
    Zip(#[from] ZipError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

async fn archive(
    write: DuplexStream,
    texts: Vec<(&str, String)>,
    files: Vec<Stored>,
    blobs: &dyn BlobStore,
) -> Result<(), ArchiveError> {
    let mut zip = ZipFileWriter::with_tokio(write);
    for (name, text) in texts {
        let entry = ZipEntryBuilder::new(name.into(), Compression::Deflate);
        zip.write_entry_whole(entry, text.as_bytes()).await?;
    }
    for Stored { name, key } in files {
        let mut source = match blobs.get(&key, None).await {
            Ok(download) => download.stream,
            // A video that is being made just now has no result yet.
            Err(BlobError::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        // Film cannot be made smaller.
        let entry = ZipEntryBuilder::new(name.into(), Compression::Stored);
        let mut file = zip.write_entry_stream(entry).await?;
        while let Some(bytes) = source.next().await {
            file.write_all(&bytes?).await?;
        }
        file.close().await?;
    }
    zip.close().await?;
    Ok(())
}

fn files(app: &AppState, videos: &[Video]) -> Vec<Stored> {
    let mut files = Vec::new();
    for video in videos {
        let key = app.layout.original(video.id);
        files.push(Stored { name: format!("originals/{}", video.id), key });
        if video.status == VideoStatus::Completed {
            let key = app.layout.result(video.id, video.attempt, ResultFile::Video);
            files.push(Stored { name: format!("results/{}.mp4", video.id), key });
        }
    }
    files
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn profile(player: &Player, has_second_factor: bool) -> Value {
    json!({
        "id": player.id.0,
        "first_name": player.first_name,
        "last_name": player.last_name,
        "email": player.email.as_str(),
        "city": player.city,
        "country": player.country,
        "role": player.role.as_str(),
        "has_second_factor": has_second_factor,
        "created_at": player.created_at,
        "sessions_revoked_at": player.sessions_revoked_at,
    })
}

fn video(video: &Video) -> Value {
    json!({
        "id": video.id.0,
        "title": video.title,
        "status": video.status,
        "visibility": video.visibility,
        "visibility_reason": video.visibility_reason,
        "size_bytes": video.size_bytes,
        "sha256": video.sha256,
        "content_type": video.content_type,
        "duration_s": video.duration_s,
        "votes": video.votes,
        "created_at": video.created_at,
        "uploaded_at": video.uploaded_at,
        "processed_at": video.processed_at,
    })
}

fn vote((video, at): &(anb_domain::VideoId, DateTime<Utc>)) -> Value {
    json!({ "video_id": video.0, "at": at })
}

fn report(report: &Report) -> Value {
    json!({
        "video_id": report.video.0,
        "reason": report.reason,
        "note": report.note,
        "at": report.created_at,
    })
}

/// What a juror has given, panel by panel.
async fn scored(app: &AppState, juror: PlayerId) -> Result<Value, StoreError> {
    let store = &app.operations.store;
    let mut scored = Vec::new();
    for panel in store.panels_of(juror).await? {
        for line in &panel.sheets {
            let Some(sheet) = store.sheet(&panel, juror, &line.key).await? else { continue };
            if sheet.marks.is_empty() && sheet.comment.is_empty() {
                continue;
            }
            let mark = |criterion: &PanelCriterion| {
                let mark = sheet.marks.get(&criterion.id).map(ToString::to_string);
                (criterion.name.clone(), json!(mark))
            };
            scored.push(json!({
                "panel": panel.panel.name,
                "video_id": sheet.video.0,
                "marks": panel.panel.criteria.iter().map(mark).collect::<Map<_, _>>(),
                "comment": sheet.comment,
            }));
        }
    }
    Ok(scored.into())
}

fn session(session: &ConsoleSession) -> Value {
    json!({
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "address": session.address,
        "agent": session.agent,
    })
}

/// Without the names and addresses of those who operate the platform, and
/// without what this person, operating it, did to others.
fn entry(player: &Player, entry: &AuditEntry) -> Value {
    let own = entry.actor.id == Some(player.id);
    let mut told = json!({ "at": entry.at, "action": entry.action, "by": entry.actor.role });
    if own {
        told["address"] = json!(entry.actor.address);
        told["agent"] = json!(entry.actor.agent);
    }
    if entry.subject == Subject::player(player.id) {
        told["before"] = json!(entry.before);
        told["after"] = json!(entry.after);
        told["reason"] = json!(entry.reason);
    }
    told
}
